/** So many of the best of a list say what a large score is there. */
const BEST = 20;
/** Below this the best of a list say nothing. */
const LEAST = 1e-9;

/**
 * Divides scores by the mean of the best of them, in place; where that is not above 0 they become 0. So scores of several
 * sources can be added: how large they are depends on how much a person did (the min-max normalisation of Fox and Shaw 1994,
 * by a mean instead of a maximum).
 */
export function relativeToBest(scores: Float32Array): Float32Array {
  const mean = meanOfBest(scores);
  const scale = mean > LEAST ? 1 / mean : 0;
  for (let row = 0; row < scores.length; row++) scores[row] = scale * (scores[row] ?? 0);
  return scores;
}

/** By insertion: most scores are compared once, with the least of the best. */
function meanOfBest(scores: Float32Array): number {
  const best = new Float64Array(BEST);
  let count = 0;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] ?? 0;
    if (count === BEST && score <= (best[BEST - 1] ?? 0)) continue;
    let place = count < BEST ? count++ : BEST - 1;
    for (; place > 0 && (best[place - 1] ?? 0) < score; place--) best[place] = best[place - 1] ?? 0;
    best[place] = score;
  }
  let sum = 0;
  for (let place = count - 1; place >= 0; place--) sum += best[place] ?? 0;
  return sum / count;
}
