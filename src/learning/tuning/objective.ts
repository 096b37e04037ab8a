import { breathe } from '../breathe.js';
import { DEPTH } from '../evaluation/figures.js';
import { ndcgAt } from '../evaluation/metrics.js';
import type { SingleModel } from '../evaluation/models/model.js';
import type { ValidationMoment } from './slice.js';

/** NDCG@20 of one model by itself for each person, a mean over their moments: the whole catalogue is ranked but what they have met. */
export async function ndcgOfPeople(
  model: SingleModel,
  people: readonly (readonly ValidationMoment[])[],
): Promise<Float64Array> {
  const figures = new Float64Array(people.length);
  for (const [at, moments] of people.entries()) {
    let sum = 0;
    for (const moment of moments) sum += ndcgAt(DEPTH, model.rank(moment, DEPTH).items, moment.right);
    figures[at] = sum / Math.max(1, moments.length);
    await breathe();
  }
  return figures;
}
