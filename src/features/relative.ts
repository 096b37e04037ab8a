import type { Feature } from './feature.js';

/** So many of the best of a list say what a large score is there. */
const BEST = 20;
/** Below this the best of a list say nothing. */
const LEAST = 1e-9;

/** Divides scores by the mean of the best of them, in place; where that is not above 0 they become 0. */
export function relativeToBest(scores: Float32Array): Float32Array {
  const best = scores.toSorted().subarray(-BEST);
  let sum = 0;
  for (const score of best) sum += score;
  const mean = sum / best.length;
  const scale = mean > LEAST ? 1 / mean : 0;
  for (let row = 0; row < scores.length; row++) scores[row] = scale * (scores[row] ?? 0);
  return scores;
}

/**
 * The same evidence, measured by the best that the list has of it: how large a score is depends on how much a person did,
 * and adding the scores of several sources asks for one measure (the min-max normalisation of Fox and Shaw 1994, by a mean
 * instead of a maximum). `of` comes before it in `FEATURES`.
 */
export function relative(of: Feature): Feature {
  return {
    name: `${of.name}_relative`,
    meaning: of.meaning,
    personal: of.personal,
    compute(_request, _candidates, out, earlier) {
      const scores = earlier.get(of.name);
      if (scores === undefined) throw new Error(`${of.name} comes after what is measured by it`);
      out.set(scores);
      relativeToBest(out);
    },
  };
}
