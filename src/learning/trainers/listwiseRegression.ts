import { breathe } from '../breathe.js';
import { maximise, type Prior, type Slopes } from './newton.js';
import { type LabelledRows, type Moments, moments, varying } from './standardise.js';

const ROWS_PER_BREATH = 20_000;

/**
 * Weights of a linear score by which what was taken to stands first in its list: the conditional logit of McFadden (1974), each of
 * the positives drawn from its list with a probability that grows as e^score (ListNet's top-one loss, Cao et al. 2007). Unlike a
 * regression of single rows it does not have to explain why one list has more positives than another, and what stands near
 * the head of a list counts most. Each list counts once. Weights are in the units of the rows, and not negative.
 */
export async function fitListwise(
  lists: readonly LabelledRows[],
  width: number,
  prior: Prior,
  start?: Float64Array,
): Promise<Float64Array> {
  const standard = moments(lists, width);
  const { scales } = standard;
  const free = varying(scales);
  const fitted = new Float64Array(width);
  for (const k of free) fitted[k] = start ? (start[k] ?? 0) * (scales[k] ?? 0) : prior.prior;
  const telling = lists.filter(({ labels }) => labels.includes(1));
  await maximise(fitted, { free, unbound: [], prior, slopes: slopesOf(telling, standard) });
  return fitted.map((weight, k) => ((scales[k] ?? 0) > 0 ? weight / (scales[k] ?? 1) : 0));
}

/** Of a list: the mean row of the positives less the mean row drawn, and the covariance of the rows drawn. */
function slopesOf(lists: readonly LabelledRows[], { means, scales }: Moments): Slopes {
  const width = means.length;
  return async (weights, free, curvature, slope) => {
    const places = Int32Array.from(free).sort();
    const count = places.length;
    const bends = new Float64Array(count * count);
    const pulls = new Float64Array(count);
    const mean = new Float64Array(count);
    let sinceBreath = 0;
    for (const { matrix, labels, counts } of lists) {
      const size = labels.length;
      const rows = new Float64Array(size * count);
      const chances = new Float64Array(size);
      let highest = Number.NEGATIVE_INFINITY;
      let positives = 0;
      for (let at = 0; at < size; at++) {
        let score = 0;
        for (let i = 0; i < count; i++) {
          const k = places[i] ?? 0;
          const value = ((matrix[at * width + k] ?? 0) - (means[k] ?? 0)) / (scales[k] ?? 1);
          rows[at * count + i] = value;
          score += (weights[k] ?? 0) * value;
        }
        chances[at] = score;
        highest = Math.max(highest, score);
        positives += labels[at] ?? 0;
      }
      let total = 0;
      for (let at = 0; at < size; at++) {
        const chance = (counts?.[at] ?? 1) * Math.exp((chances[at] ?? 0) - highest);
        chances[at] = chance;
        total += chance;
      }
      mean.fill(0);
      for (let at = 0; at < size; at++) {
        const chance = (chances[at] ?? 0) / total;
        const taken = (labels[at] ?? 0) / positives;
        for (let i = 0; i < count; i++) {
          const value = rows[at * count + i] ?? 0;
          mean[i] = (mean[i] ?? 0) + chance * value;
          pulls[i] = (pulls[i] ?? 0) + (taken - chance) * value;
          const bend = chance * value;
          for (let j = 0, to = i * count; j <= i; j++, to++)
            bends[to] = (bends[to] ?? 0) + bend * (rows[at * count + j] ?? 0);
        }
      }
      for (let i = 0; i < count; i++) {
        const own = mean[i] ?? 0;
        for (let j = 0, to = i * count; j <= i; j++, to++) bends[to] = (bends[to] ?? 0) - own * (mean[j] ?? 0);
      }
      sinceBreath += size;
      if (sinceBreath > ROWS_PER_BREATH) {
        sinceBreath = 0;
        await breathe();
      }
    }
    for (let i = 0; i < count; i++) {
      const k = places[i] ?? 0;
      slope[k] = pulls[i] ?? 0;
      for (let j = 0; j <= i; j++) curvature[k * width + (places[j] ?? 0)] = bends[i * count + j] ?? 0;
    }
  };
}
