import type { Candidates } from '../../domain/candidates.js';
import { AUTHOR_SHOWN, SHOWN, TOOK_TO } from '../hydrators/exposure.js';
import { chancesToBeBest } from './thompson.js';

/** From so many impressions of late on an item is known, and an author. */
const KNOWN_AFTER = 100;
/** Items that one place chooses from: so many of new authors, and so many of any. */
const HALF_POOL = 8;
/** The share of what is tried that goes to authors who were hardly shown. */
const NEW_AUTHORS = 0.5;
/** Impressions that the score of an item counts for before it was shown. */
const PRIOR = 5;
const LEAST_SCORE = 0.01;
const MOST_SCORE = 0.9;

/** What one place may be given, each with the probability of being the one. */
export interface Pool {
  readonly rows: readonly number[];
  /** Sum to 1. */
  readonly chances: Float64Array;
}

/**
 * Deals uncertain rows of a list, best first, to `count` places: no row to two of them, so that what one place is given says
 * nothing of another. Within a place the chances are those of Thompson sampling; half of them are for items of authors who were
 * hardly shown, where there are any.
 */
export function dealTrials(
  candidates: Candidates,
  scores: Float32Array,
  rows: Iterable<number>,
  count: number,
): (Pool | null)[] {
  const shown = candidates.columns.get(SHOWN);
  const authorShown = candidates.columns.get(AUTHOR_SHOWN);
  const ofNewAuthors: number[] = [];
  const others: number[] = [];
  for (const row of rows) {
    if (!((shown?.[row] ?? Number.NaN) < KNOWN_AFTER)) continue;
    const isNew = (authorShown?.[row] ?? Number.NaN) < KNOWN_AFTER;
    const pool = isNew && ofNewAuthors.length < count * HALF_POOL ? ofNewAuthors : others;
    if (pool.length < count * HALF_POOL) pool.push(row);
  }
  const dealt = (from: readonly number[], place: number) => from.filter((_, at) => at % count === place);
  return Array.from({ length: count }, (_, place) =>
    poolOf(candidates, scores, dealt(ofNewAuthors, place), dealt(others, place)),
  );
}

function poolOf(
  candidates: Candidates,
  scores: Float32Array,
  ofNewAuthors: readonly number[],
  others: readonly number[],
): Pool | null {
  const rows = [...ofNewAuthors, ...others];
  if (rows.length === 0) return null;
  const chances = thompson(candidates, scores, rows);
  if (ofNewAuthors.length === 0 || others.length === 0) return { rows, chances };
  const among = thompson(candidates, scores, ofNewAuthors);
  return {
    rows,
    chances: chances.map((chance, at) => (1 - NEW_AUTHORS) * chance + NEW_AUTHORS * (among[at] ?? 0)),
  };
}

/** The score is the mean of the prior: of two items nobody knows, the one that suits the person is tried more. */
function thompson({ columns }: Candidates, scores: Float32Array, rows: readonly number[]): Float64Array {
  const shown = columns.get(SHOWN);
  const tookTo = columns.get(TOOK_TO);
  const alphas = new Float64Array(rows.length);
  const betas = new Float64Array(rows.length);
  rows.forEach((row, at) => {
    const score = Math.min(MOST_SCORE, Math.max(LEAST_SCORE, scores[row] ?? 0));
    const positives = tookTo?.[row] ?? 0;
    alphas[at] = PRIOR * score + positives;
    // People also take to what they found elsewhere.
    betas[at] = PRIOR * (1 - score) + Math.max(0, (shown?.[row] ?? 0) - positives);
  });
  return chancesToBeBest(alphas, betas);
}
