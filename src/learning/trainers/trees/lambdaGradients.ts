import { leading } from '../../evaluation/leading.js';

/** One list as the loss sees it: rows `from` to `to`. */
export interface GradedList {
  readonly from: number;
  readonly to: number;
  /** Per row of all lists: what it is worth to show it, 0 when nothing. */
  readonly gains: Float32Array;
  /** DCG of the best order, cut at the truncation; see `idealDcg`. */
  readonly ideal: number;
}

/** What is minimised. */
export interface LambdaLoss {
  /** NDCG is cut here. */
  readonly truncation: number;
  /**
   * Weight of the log loss of each row beside that of its pairs: order alone says nothing of how likely any of it is, and
   * uses only what is near the top (Sculley 2010, combined regression and ranking). 0 for LambdaMART alone.
   */
  readonly pointwise: number;
}

/** 1 / log2(rank + 2), rank counted from 0. */
export function discount(rank: number): number {
  return 1 / Math.log2(rank + 2);
}

/** DCG at `truncation` of the best order of the gains. */
export function idealDcg(gains: Float32Array, truncation: number): number {
  const best = gains.filter((gain) => gain > 0).sort();
  let sum = 0;
  for (let rank = 0; rank < Math.min(truncation, best.length); rank++) {
    sum += (best[best.length - 1 - rank] ?? 0) * discount(rank);
  }
  return sum;
}

/**
 * LambdaMART gradients of one list (Burges 2010, section 7): for each pair of rows i above j in gain,
 *
 *     ρ = 1 / (1 + exp(s_i − s_j)),   Δ = (gain_i − gain_j) · |discount_i − discount_j| / ideal,
 *     gradient_i −= ρΔ,   gradient_j += ρΔ,   curvature of both += ρ(1 − ρ)Δ
 *
 * where Δ is what swapping the two changes of NDCG cut at `truncation`: a rank beyond it has a discount of 0. To these come
 * the gradients of the log loss, where it has a weight. Writes pairs (gradient, curvature) for the rows of the list. Costs rows + positives in front × rows.
 */
export function lambdaGradients(
  { from, to, gains, ideal }: GradedList,
  scores: Float64Array,
  { truncation, pointwise }: LambdaLoss,
  out: Float32Array,
): void {
  const front = leading(scores, from, to, truncation);
  const discounts = new Float64Array(to - from);
  for (const [rank, row] of front.entries()) discounts[row - from] = discount(rank);
  const sums = new Float64Array(2 * (to - from));
  const meet = (i: number, j: number) => {
    const more = (gains[i] ?? 0) - (gains[j] ?? 0);
    if (more <= 0) return;
    const delta = (more * Math.abs((discounts[i - from] ?? 0) - (discounts[j - from] ?? 0))) / ideal;
    const rho = 1 / (1 + Math.exp((scores[i] ?? 0) - (scores[j] ?? 0)));
    const force = rho * delta;
    const curvature = force * (1 - rho);
    const a = 2 * (i - from);
    const b = 2 * (j - from);
    sums[a] = (sums[a] ?? 0) - force;
    sums[a + 1] = (sums[a + 1] ?? 0) + curvature;
    sums[b] = (sums[b] ?? 0) + force;
    sums[b + 1] = (sums[b + 1] ?? 0) + curvature;
  };
  if (pointwise > 0) {
    for (let i = from; i < to; i++) {
      const p = 1 / (1 + Math.exp(-(scores[i] ?? 0)));
      const at = 2 * (i - from);
      sums[at] = pointwise * (p - ((gains[i] ?? 0) > 0 ? 1 : 0));
      sums[at + 1] = pointwise * p * (1 - p);
    }
  }
  for (let i = from; i < to; i++) {
    if ((gains[i] ?? 0) === 0) continue;
    if ((discounts[i - from] ?? 0) > 0) for (let j = from; j < to; j++) meet(i, j);
    else for (const j of front) meet(i, j);
  }
  out.set(sums, 2 * from);
}
