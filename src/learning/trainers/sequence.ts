import { HOUR_MS } from '../../domain/clock.js';
import { leadWeight } from '../../features/following.js';
import { type Contexts, type Encountered, type Follows, follows } from '../../kernels/follows.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { SequenceModel } from '../../registry/snapshot.js';
import type { Encounters } from '../examples/encounters.js';
import { pairContexts } from '../examples/pairContexts.js';
import { transpose } from '../examples/transpose.js';
import type { SearchSpace } from '../tuning/space.js';
import { toSparseRows } from './sparseRows.js';

export interface SequenceParameters {
  /** The most followers of one item, or of one pair. */
  readonly width: number;
  /** What came so many places later, or sooner, is a follower. */
  readonly reach: number;
  /** A follower counts half when it came so many places later. */
  readonly halfLifePlaces: number;
  /** A follower counts half when it came so many hours later. */
  readonly fadeHours: number;
  /** What a follower counts that came in another session. */
  readonly acrossSessions: number;
  /** How much a follower pays for being met by many: 0 is the conditional probability, 1 the lift. */
  readonly popularityExponent: number;
  /** Followers that few people met are pulled towards 0: n becomes n² / (n + shrinkage). */
  readonly shrinkage: number;
  /** Two items make a context when they stand at most so many places from each other; 0 for no such contexts. */
  readonly pairReach: number;
  /** From so many people on two items make a context. */
  readonly pairPeople: number;
}

export const SEQUENCE_DEFAULTS: SequenceParameters = {
  width: 150,
  reach: 40,
  halfLifePlaces: 10,
  fadeHours: 24,
  acrossSessions: 0.5,
  popularityExponent: 0.35,
  shrinkage: 0.3,
  pairReach: 3,
  pairPeople: 5,
};

export const SEQUENCE_SPACE: SearchSpace<SequenceParameters> = {
  halfLifePlaces: [2, 5, 10, 20],
  fadeHours: [1, 24, 168, 1000],
  acrossSessions: [0.2, 0.5, 1],
  popularityExponent: [0.2, 0.35, 0.5],
  shrinkage: [0, 0.3, 1, 3],
};

/** From this worth on something that followed counts in full; below it in proportion. */
const FULL_WORTH = 3;

/**
 * What follows what: a transition model of first and second order with skips and decay (a Markov chain as in Rendle et al.
 * 2010, counted with skips as the sequential rules of Ludewig and Jannach 2018). Whatever a person met leads, also what
 * they turned down; only what they took to follows. Values are
 *
 *     n / (n + shrinkage) · n / (n_i^(1−e) · n_j^e)
 *
 * where n is the weighted number of times that j came after i (see `kernels/assembly/follows.ts`), n_i that of i as something
 * that leads and n_j that of j as something that follows. A context of second order is a pair of items that many met close
 * to each other. Null where the log has no order in time.
 */
export async function trainSequence(options: {
  readonly encounters: Encounters;
  readonly parameters: SequenceParameters;
  readonly pool: KernelPool;
}): Promise<SequenceModel | null> {
  const { encounters, parameters, pool } = options;
  const { itemCount, items, worth } = encounters;
  if (parameters.reach === 0 || !hasOrder(encounters)) return null;
  const moments = momentsOf(encounters);
  const encountered = encounteredOf(encounters);
  const followed = new Float32Array(itemCount);
  for (const [entry, item] of items.entries()) {
    followed[item] = (followed[item] ?? 0) + (encountered.follows[entry] ?? 0);
  }
  const width = Math.min(parameters.width, Math.max(1, itemCount));
  const run = async (contexts: Omit<Contexts, 'norms'>, rows: number): Promise<Follows> =>
    follows(pool, {
      encountered,
      contexts: {
        ...contexts,
        norms: massOf(contexts, rows).map((mass) => mass ** (1 - parameters.popularityExponent)),
      },
      columnNorms: followed.map((mass) => mass ** parameters.popularityExponent),
      decay: Float32Array.from(
        { length: 2 * parameters.reach + 1 },
        (_, gap) => 0.5 ** (gap / 2 / parameters.halfLifePlaces),
      ),
      fade: parameters.fadeHours,
      across: parameters.acrossSessions,
      shrinkage: parameters.shrinkage,
      width,
    });

  const turned = transpose(
    Int32Array.from({ length: items.length + 1 }, (_, entry) => entry),
    items,
    itemCount,
  );
  const first = await run(
    {
      offsets: turned.offsets,
      entries: turned.rows,
      weights: Float32Array.from(turned.rows, (entry) => leadWeight(worth[entry] ?? 0)),
      firsts: Int32Array.from(turned.rows, (entry) => {
        const [start, end] = [moments.starts[entry] ?? 0, moments.ends[entry] ?? 0];
        return end - start > parameters.reach ? end : start;
      }),
    },
    itemCount,
  );
  const { pairs, older, ...second } = await pairContexts(encounters, moments, {
    reach: parameters.pairReach,
    least: parameters.pairPeople,
  });
  const afterPairs = await run(
    {
      ...second,
      weights: Float32Array.from(second.entries, (entry, at) =>
        Math.min(leadWeight(worth[entry] ?? 0), leadWeight(worth[older[at] ?? 0] ?? 0)),
      ),
    },
    pairs.length / 2,
  );
  return {
    followers: toSparseRows(first, width),
    pairs,
    pairFollowers: toSparseRows(afterPairs, width),
  };
}

function hasOrder({ offsets, times }: Encounters): boolean {
  for (let person = 0; person + 1 < offsets.length; person++) {
    const end = offsets[person + 1] ?? 0;
    if (end > (offsets[person] ?? 0) && times[offsets[person] ?? 0] !== times[end - 1]) return true;
  }
  return false;
}

/** Per encounter: the first one of its moment, and one after the last. */
function momentsOf({ offsets, times }: Encounters): { readonly starts: Int32Array; readonly ends: Int32Array } {
  const starts = new Int32Array(times.length);
  const ends = new Int32Array(times.length);
  for (let person = 0; person + 1 < offsets.length; person++) {
    const end = offsets[person + 1] ?? 0;
    for (let start = offsets[person] ?? 0; start < end; ) {
      let after = start;
      while (after < end && times[after] === times[start]) after++;
      starts.fill(start, start, after);
      ends.fill(after, start, after);
      start = after;
    }
  }
  return { starts, ends };
}

function encounteredOf({ offsets, items, worth, places, times, sessions }: Encounters): Encountered {
  const hours = new Float32Array(times.length);
  const ends = new Int32Array(times.length);
  for (let person = 0; person + 1 < offsets.length; person++) {
    const [first, end] = [offsets[person] ?? 0, offsets[person + 1] ?? 0];
    ends.fill(end, first, end);
    for (let entry = first; entry < end; entry++) {
      hours[entry] = ((times[entry] ?? 0) - (times[first] ?? 0)) / HOUR_MS;
    }
  }
  const liked = worth.map((value) => Math.max(0, Math.min(1, value / FULL_WORTH)));
  return { items, follows: liked, places, times: hours, sessions, ends };
}

/** How often each context was met, in weight. */
function massOf({ offsets, weights }: Omit<Contexts, 'norms'>, rows: number): Float32Array {
  const mass = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++)
      mass[row] = (mass[row] ?? 0) + (weights[at] ?? 0);
  }
  return mass;
}
