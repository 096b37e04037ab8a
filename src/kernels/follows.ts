import type { Arena } from './arena.js';
import { BIN_BYTES } from './layout.js';
import type { KernelPool } from './pool.js';

const FOLLOW_BLOCK = 32;

/** What people met, person by person, oldest first: index e of each array is one encounter. */
export interface Encountered {
  readonly items: Int32Array;
  /** What it counts as something that followed, not below 0. */
  readonly follows: Float32Array;
  /** Twice its place in the person's history; the same for what was met at one moment. */
  readonly places: Int32Array;
  /** Since the person's first, in any unit. */
  readonly times: Float32Array;
  readonly sessions: Int32Array;
  /** One after the person's last encounter. */
  readonly ends: Int32Array;
}

/** What is followed: context c occurred at the entries `offsets[c]` to `offsets[c + 1]`. */
export interface Contexts {
  readonly offsets: Int32Array;
  /** Per occurrence: the encounter it happened at. */
  readonly entries: Int32Array;
  readonly weights: Float32Array;
  /** Per occurrence: the first encounter of the person that may have come after it. */
  readonly firsts: Int32Array;
  /** Per context. */
  readonly norms: Float32Array;
}

export interface FollowJob {
  readonly encountered: Encountered;
  readonly contexts: Contexts;
  /** Per item. */
  readonly columnNorms: Float32Array;
  /** Weight of a pair by twice the distance of its places; what is further apart does not count. */
  readonly decay: Float32Array;
  /** After so long, in the unit of the times, a pair counts half. */
  readonly fade: number;
  /** What a pair counts that lies in two sessions. */
  readonly across: number;
  readonly shrinkage: number;
  /** The most followers of one context. */
  readonly width: number;
}

/** Row c holds `counts[c]` followers of context c from `c × width` on, by falling value. */
export interface Follows {
  readonly counts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float32Array;
}

/** The items that most often came soon after each context (see `assembly/follows.ts`). */
export function follows(pool: KernelPool, job: FollowJob): Promise<Follows> {
  return pool.borrow(async (arena) => {
    const { encountered, contexts, decay, width } = job;
    const rows = contexts.norms.length;
    const items = job.columnNorms.length;
    const columns = arena.int32(rows * width);
    const values = arena.float32(rows * width);
    const counts = arena.int32(rows);
    await pool.run({
      kernel: 'followRows',
      args: [
        ...pointers(arena, [contexts.offsets, contexts.entries, contexts.weights, contexts.firsts]),
        ...pointers(arena, [encountered.items, encountered.follows, encountered.places, encountered.times]),
        ...pointers(arena, [encountered.sessions, encountered.ends, contexts.norms, job.columnNorms, decay]),
        decay.length,
        job.fade,
        job.across,
        job.shrinkage,
        width,
        columns.byteOffset,
        values.byteOffset,
        counts.byteOffset,
        items,
      ],
      count: rows,
      block: FOLLOW_BLOCK,
      scratchBytes: items * (8 + 4 + 4 + 4) + BIN_BYTES,
    });
    return { counts: counts.slice(), columns: columns.slice(), values: values.slice() };
  });
}

/** Copies the arrays into the shared memory. */
function pointers(arena: Arena, arrays: readonly (Int32Array | Float32Array)[]): number[] {
  return arrays.map((array) => {
    const copy = array instanceof Int32Array ? arena.int32(array.length) : arena.float32(array.length);
    copy.set(array);
    return copy.byteOffset;
  });
}
