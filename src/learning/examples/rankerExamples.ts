import { computeFeatures, FEATURES } from '../../features/index.js';
import { buildTaste } from '../../features/taste.js';
import { breathe } from '../breathe.js';
import { candidatesFor, type Sources } from './candidates.js';
import type { Moment } from './replay.js';

/** One list as it would have been shown. */
export interface ReplayedList {
  readonly user: number;
  /** Epoch milliseconds of the moment it is replayed at. */
  readonly now: number;
  /** Item indices. */
  readonly candidates: Int32Array;
  /** Candidates × features, row after row, in the order of `FEATURES`. */
  readonly matrix: Float32Array;
  /** Per candidate: 1 when the person took to it next. */
  readonly labels: Uint8Array;
  /** Per candidate: what it was worth to the person who took to it next, else 0. */
  readonly gains: Float32Array;
  /** What they took to next, candidate or not. */
  readonly liked: ReadonlySet<number>;
}

/** Replays the moments against sources that were trained on what came before them, by the code that serves. */
export async function replayLists(
  moments: readonly Moment[],
  sources: Sources,
  onList?: (done: number) => void,
): Promise<ReplayedList[]> {
  const lists: ReplayedList[] = [];
  for (const moment of moments) {
    lists.push(replay(moment, sources));
    onList?.(lists.length);
    await breathe();
  }
  return lists;
}

function replay({ user, now, profile, seen, liked, worths }: Moment, sources: Sources): ReplayedList {
  const { catalogue } = sources;
  const taste = buildTaste(profile, catalogue);
  const candidates = candidatesFor(sources, taste, seen);
  const columns = computeFeatures({ taste, catalogue, now }, candidates);
  const width = FEATURES.length;
  const matrix = new Float32Array(candidates.length * width);
  for (const [place, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) matrix[row * width + place] = column[row] ?? 0;
  }
  return {
    user,
    now,
    candidates,
    matrix,
    liked,
    labels: Uint8Array.from(candidates, (item) => (liked.has(item) ? 1 : 0)),
    gains: Float32Array.from(candidates, (item) => worths.get(item) ?? 0),
  };
}
