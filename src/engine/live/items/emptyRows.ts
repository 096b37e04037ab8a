import { grownFloat32, grownInt32 } from '../../../registry/room.js';
import type { PeopleModel, SequenceModel, Snapshot, SparseRows } from '../../../registry/snapshot.js';

/** The parts of a snapshot that know nothing of what came later, with empty rows for it. */
export type UnpredictedParts = Pick<
  Snapshot,
  'neighbours' | 'graph' | 'sequence' | 'people' | 'popularOrder' | 'popularPrior'
>;

/** The same with rows for `size` items; new items come last in the order of popularity. */
export function withEmptyRows(parts: UnpredictedParts, size: number, owner: object): UnpredictedParts {
  const longer = <Rows extends Pick<SparseRows, 'offsets'>>(rows: Rows) => ({
    ...rows,
    offsets: longerOffsets(rows.offsets, size, owner),
  });
  const sequence = (model: SequenceModel) => ({ ...model, followers: longer(model.followers) });
  const people = (model: PeopleModel) => ({
    ...model,
    takers: longer(model.takers),
    takerCounts: grownFloat32(model.takerCounts, size, owner),
  });
  const known = parts.popularOrder.length;
  const popularOrder = grownInt32(parts.popularOrder, size, owner);
  for (let row = known; row < size; row++) popularOrder[row] = row;
  return {
    neighbours: longer(parts.neighbours),
    graph: parts.graph && longer(parts.graph),
    sequence: parts.sequence && sequence(parts.sequence),
    people: parts.people && people(parts.people),
    popularOrder,
    popularPrior: grownFloat32(parts.popularPrior, size, owner),
  };
}

function longerOffsets(offsets: Int32Array, size: number, owner: object): Int32Array {
  const longer = grownInt32(offsets, size + 1, owner);
  longer.fill(offsets.at(-1) ?? 0, offsets.length);
  return longer;
}
