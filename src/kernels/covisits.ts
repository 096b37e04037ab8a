import { BIN_BYTES } from './layout.js';
import type { KernelPool } from './pool.js';

const COVISIT_BLOCK = 32;

/** Who met what, by rows: `columns`, `weights` and `places` from `offsets[r]` to `offsets[r + 1]`. */
export interface Visits {
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  /** Above 0. */
  readonly weights: Float32Array;
  /** Where the item stands in the person's history. */
  readonly places: Int32Array;
}

export interface CovisitJob {
  /** Rows are items, columns are people. */
  readonly byItem: Visits;
  /** The same visits; rows are people, columns are items. */
  readonly byPerson: Visits;
  readonly rowNorms: Float32Array;
  readonly columnNorms: Float32Array;
  /** Weight of a pair by the distance of its places; the last one holds beyond. */
  readonly decay: Float32Array;
  readonly shrinkage: number;
  /** The most neighbours of one item. */
  readonly width: number;
}

/** Row i holds `counts[i]` neighbours of item i from `i × width` on, by falling similarity. */
export interface Covisits {
  readonly counts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** The most similar items of each item by who met both (see `assembly/covisits.ts`). */
export function covisits(pool: KernelPool, job: CovisitJob): Promise<Covisits> {
  return pool.borrow(async (arena) => {
    const items = job.rowNorms.length;
    const into = <T extends Int32Array | Float32Array>(empty: T, values: T): number => {
      empty.set(values);
      return empty.byteOffset;
    };
    const int32 = (values: Int32Array) => into(arena.int32(values.length), values);
    const float32 = (values: Float32Array) => into(arena.float32(values.length), values);
    const visits = (v: Visits) => [int32(v.offsets), int32(v.columns), float32(v.weights), int32(v.places)];
    const columns = arena.int32(items * job.width);
    const values = arena.float32(items * job.width);
    const counts = arena.int32(items);
    await pool.run({
      kernel: 'covisitRows',
      args: [
        ...visits(job.byItem),
        ...visits(job.byPerson),
        float32(job.rowNorms),
        float32(job.columnNorms),
        float32(job.decay),
        job.decay.length - 1,
        job.shrinkage,
        job.width,
        columns.byteOffset,
        values.byteOffset,
        counts.byteOffset,
        items,
      ],
      count: items,
      block: COVISIT_BLOCK,
      scratchBytes: items * (8 + 4 + 4 + 4) + BIN_BYTES,
    });
    return { counts: counts.slice(), columns: columns.slice(), values: values.slice() };
  });
}
