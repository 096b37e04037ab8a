/** One list as the loss sees it: rows `from` to `to`. Arrays have one number per row of all lists. */
export interface GradedList {
  readonly from: number;
  readonly to: number;
  /** What it is worth to show a row, below zero when it does harm. */
  readonly gains: Float32Array;
  /** 1 for a success, else 0. */
  readonly labels: Uint8Array;
  /** How many candidates a row stands for, itself included. */
  readonly counts: Float32Array;
  /** DCG of the best order; see `idealDcg`. 0 for a list without an order to learn. */
  readonly ideal: number;
  /** The rows by falling score as they stood last, which is nearly how they stand now. Kept up by `rankRows`. */
  readonly order: Int32Array;
  /** `discount` of each row's rank. Kept up by `rankRows`. */
  readonly discounts: Float64Array;
}

/** 1 / log2(rank + 2), rank counted from 0. */
export function discount(rank: number): number {
  return DISCOUNTS[Math.round(rank)] ?? 1 / Math.log2(rank + 2);
}

const DISCOUNTS = Float64Array.from({ length: 4096 }, (_, rank) => 1 / Math.log2(rank + 2));

/** DCG of the best order of the gains; 0 when nothing is worth showing, or everything is worth the same. */
export function idealDcg(gains: ArrayLike<number>): number {
  const falling = Float64Array.from(gains).sort().reverse();
  if (falling[0] === falling.at(-1)) return 0;
  return falling.reduce((sum, gain, rank) => sum + Math.max(0, gain) * discount(rank), 0);
}

/**
 * Puts the rows of a list in order, ties by row, and each in the middle of the ranks of those it stands for. Costs
 * little when few have moved since the last time.
 */
export function rankRows({ from, to, counts, order, discounts }: GradedList, scores: Float64Array): void {
  for (let at = from + 1; at < to; at++) {
    const row = order[at] ?? 0;
    const score = scores[row] ?? 0;
    let place = at;
    for (; place > from; place--) {
      const before = order[place - 1] ?? 0;
      const other = scores[before] ?? 0;
      if (other > score || (other === score && before < row)) break;
      order[place] = before;
    }
    order[place] = row;
  }
  let above = 0;
  for (let at = from; at < to; at++) {
    const row = order[at] ?? 0;
    const count = counts[row] ?? 1;
    discounts[row] = discount(above + (count - 1) / 2);
    above += count;
  }
}

/** NDCG of the order that `rankRows` made, not cut. */
export function ndcgOf({ from, to, gains, discounts, ideal }: GradedList): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += Math.max(0, gains[row] ?? 0) * (discounts[row] ?? 0);
  return sum / ideal;
}

/**
 * LambdaMART gradients of one list (Burges 2010, section 7): for each pair of rows i above j in gain,
 *
 *     ρ = 1 / (1 + exp(s_i − s_j)),   Δ = (gain_i − gain_j) · |discount_i − discount_j| / ideal,
 *     gradient_i −= ρΔ,   gradient_j += ρΔ,   curvature of both += ρ(1 − ρ)Δ
 *
 * where Δ is what swapping the two changes of NDCG; a row counts as often as it stands for others. To these come the gradients
 * of the log loss with weight `pointwise`: order alone says nothing of how likely any of it is (Sculley 2010, combined
 * regression and ranking). Writes pairs (gradient, curvature) for the rows of the list, ranked before. Costs rows +
 * rows that are worth something × rows.
 */
export function lambdaGradients(
  { from, to, gains, labels, counts, ideal, discounts }: GradedList,
  scores: Float64Array,
  pointwise: number,
  out: Float32Array,
): void {
  const sums = new Float64Array(2 * (to - from));
  if (pointwise > 0) {
    for (let row = from; row < to; row++) {
      const weight = pointwise * (counts[row] ?? 1);
      const p = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      const at = 2 * (row - from);
      sums[at] = weight * (p - (labels[row] ?? 0));
      sums[at + 1] = weight * p * (1 - p);
    }
  }
  for (let i = from; ideal > 0 && i < to; i++) {
    const gain = gains[i] ?? 0;
    if (gain <= 0) continue;
    for (let j = from; j < to; j++) {
      const less = gain - (gains[j] ?? 0);
      if (less <= 0) continue;
      const apart = Math.abs((discounts[i] ?? 0) - (discounts[j] ?? 0));
      const delta = ((counts[j] ?? 1) * less * apart) / ideal;
      const rho = 1 / (1 + Math.exp((scores[i] ?? 0) - (scores[j] ?? 0)));
      const force = rho * delta;
      const curvature = force * (1 - rho);
      const a = 2 * (i - from);
      const b = 2 * (j - from);
      sums[a] = (sums[a] ?? 0) - force;
      sums[a + 1] = (sums[a + 1] ?? 0) + curvature;
      sums[b] = (sums[b] ?? 0) + force;
      sums[b + 1] = (sums[b + 1] ?? 0) + curvature;
    }
  }
  out.set(sums, 2 * from);
}
