import type { Item } from '../../../domain/entities.js';
import { placeByContent } from '../../../features/content/place.js';
import { itemVector } from '../../../features/content/vector.js';
import { grownFloat32 } from '../../../registry/room.js';
import type { Snapshot } from '../../../registry/snapshot.js';
import { createChangeLog } from './changeLog.js';
import { type UnpredictedParts, withEmptyRows } from './emptyRows.js';
import { growFactors } from './factorRows.js';
import { growTable } from './growTable.js';

/** A snapshot that items are written to after it was made. */
export interface GrowingSnapshot {
  /** Whether the snapshot, or what was written since, has the item. */
  knows(id: string): boolean;
  put(item: Item): void;
  /** As it is now; of what is put later only rows that are replaced show in it. */
  snapshot(edition: string): Snapshot;
}

/**
 * New items get rows behind the others in every model that can say something of them: what they say of themselves, and
 * where that places them among what people did. What is not predicted (neighbours, walks, what follows) they have not,
 * like any item that nobody touched. The rows of changed items are replaced in place: a request under way may read the new one.
 * The arrays of `base` are written to from now on.
 */
export function growSnapshot(base: Snapshot): GrowingSnapshot {
  const owner = {};
  const table = growTable(base.items, owner);
  const collaborative = growFactors(base.collaborative, owner);
  const spectral = base.spectral && growFactors(base.spectral, owner);
  const content = base.content && growFactors(base.content, owner);
  const log = createChangeLog(owner);
  let unpredicted: UnpredictedParts = base;
  let inputScale = base.spectral?.inputScale ?? new Float32Array(0);

  const place = (item: Item, row: number) => {
    if (base.content === null) return;
    const vector = itemVector(base.content, item);
    content?.put(row, vector);
    // Where people have placed an item they know better than its words.
    if ((base.items.popularity[row] ?? 0) > 0) return;
    const { toCollaborative, toSpectral } = base.content;
    if (toCollaborative) collaborative.put(row, placeByContent(toCollaborative, vector));
    if (toSpectral) spectral?.put(row, placeByContent(toSpectral, vector));
  };

  return {
    knows: (id) => table.indexOf(id) >= 0,
    put(item) {
      const row = table.put(item);
      place(item, row);
      log.add(row);
    },
    snapshot(edition) {
      const { size } = table;
      unpredicted = withEmptyRows(unpredicted, size, owner);
      inputScale = grownFloat32(inputScale, size, owner);
      return {
        ...base,
        ...unpredicted,
        edition,
        items: table.table(log.since(base.items)),
        collaborative: {
          ...base.collaborative,
          itemFactors: collaborative.rows(size),
          growth: log.since(base.collaborative),
        },
        spectral: base.spectral && {
          ...base.spectral,
          itemFactors: spectral?.rows(size) ?? base.spectral.itemFactors,
          inputScale,
          growth: log.since(base.spectral),
        },
        content: base.content && {
          ...base.content,
          itemFactors: content?.rows(size) ?? base.content.itemFactors,
          growth: log.since(base.content),
        },
      };
    },
  };
}
