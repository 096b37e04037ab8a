import type { Item } from '../../../domain/entities.js';
import { placeByContent } from '../../../features/content/place.js';
import { itemVector } from '../../../features/content/vector.js';
import { longerFloat32, longerInt32, SHELF_ROWS } from '../../../registry/room.js';
import type { Snapshot, SparseRows } from '../../../registry/snapshot.js';
import { createEditionName } from './editionName.js';
import { liveFactors } from './factors.js';
import { liveTable } from './liveTable.js';

/** What came since a version was made, beside it. */
export interface Shelf {
  /** Rows that are taken, of `SHELF_ROWS`. */
  readonly used: number;
  /** Items that found no room. They are not candidates, or not as they are now, until the next version. */
  readonly left: number;
  /** Answers whether the next edition is another one for it. */
  put(item: Item): boolean;
  /** The version with all of it: a snapshot of its own, which nothing is written to later. */
  edition(): Snapshot;
}

/**
 * A new item gets a row behind those of the version in everything that can say something of it: what it says of itself, and
 * where that places it among what people did. What is learned from people alone (what goes with it, where walks lead, what
 * follows) it has not, like any item that nobody touched. So does a changed item that nobody took to yet. One that people
 * did take to keeps its row and all they taught, and says something else from now on. Rows are only ever added: those of an
 * edition stay as they are, however many editions come after it.
 */
export function createShelf(base: Snapshot): Shelf {
  const owner = {};
  const first = base.items.size;
  const capacity = first + SHELF_ROWS;
  const table = liveTable(base.items, owner);
  const name = createEditionName();
  const left = new Set<string>();
  const { content, spectral } = base;
  const collaborative = liveFactors(base.collaborative, owner);
  const inSpectral = spectral && liveFactors(spectral, owner);
  const inContent = content && liveFactors(content, owner);
  const inputScale = spectral && longerFloat32(spectral.inputScale, capacity, owner);
  const withoutRows = <Rows extends Pick<SparseRows, 'offsets'>>(rows: Rows): Rows => {
    const offsets = longerInt32(rows.offsets, capacity + 1, owner);
    offsets.fill(rows.offsets[first] ?? 0, first + 1);
    return { ...rows, offsets };
  };
  const upTo = <Rows extends Pick<SparseRows, 'offsets'>>(rows: Rows, size: number): Rows => ({
    ...rows,
    offsets: rows.offsets.subarray(0, size + 1),
  });
  const neighbours = withoutRows(base.neighbours);
  const graph = base.graph && withoutRows(base.graph);
  const followers = base.sequence && withoutRows(base.sequence.followers);
  const popularPrior = longerFloat32(base.popularPrior, capacity, owner);
  // What nobody took to comes last.
  const popularOrder = longerInt32(base.popularOrder, capacity, owner);
  for (let row = first; row < capacity; row++) popularOrder[row] = row;

  const writeFactors = (row: number, vector: Float32Array) => {
    inContent?.write(row, vector);
    if (content?.toCollaborative) collaborative.write(row, placeByContent(content.toCollaborative, vector));
    if (content?.toSpectral) inSpectral?.write(row, placeByContent(content.toSpectral, vector));
  };
  const hide = ({ id }: Item): boolean => {
    const row = table.indexOf(id);
    if (row < 0 || table.isGone(row)) return false;
    table.setGone(row, true);
    name.noteHidden(id);
    return true;
  };

  return {
    get used() {
      return table.size - first;
    },
    get left() {
      return left.size;
    },
    put(item) {
      if (item.hiddenAt !== null) return hide(item);
      const row = table.indexOf(item.id);
      const vector = content && itemVector(content, item);
      const moves = vector !== null && inContent !== null && row >= 0 && !inContent.has(row, vector);
      if (row >= 0 && !table.isGone(row) && table.says(row, item) && !moves) return false;
      if (!table.fits(item)) {
        if (left.size < SHELF_ROWS) left.add(item.id);
        return false;
      }
      left.delete(item.id);
      name.note(item, vector);
      if (row >= 0 && row < first && (base.items.popularity[row] ?? 0) > 0) {
        table.setGone(row, false);
        table.replace(row, item);
        if (!moves) return true;
        const factors = table.appendFactors();
        inContent.write(factors, vector);
        inContent.move(row, factors);
        return true;
      }
      const next = table.append(item);
      if (vector !== null) writeFactors(next, vector);
      return true;
    },
    edition() {
      const { size } = table;
      return {
        ...base,
        edition: name.toString(),
        items: table.table(),
        collaborative: { ...base.collaborative, ...collaborative.of(size) },
        spectral: spectral &&
          inputScale && { ...spectral, ...inSpectral?.of(size), inputScale: inputScale.subarray(0, size) },
        content: content && { ...content, ...inContent?.of(size) },
        neighbours: upTo(neighbours, size),
        graph: graph && upTo(graph, size),
        sequence: base.sequence && followers && { ...base.sequence, followers: upTo(followers, size) },
        popularPrior: popularPrior.subarray(0, size),
        popularOrder: popularOrder.subarray(0, size),
      };
    },
  };
}
