import type { Arena } from '../../../kernels/arena.js';
import type { KernelPool } from '../../../kernels/pool.js';
import { addLeaves, type BinSplit, descend, ENTRY, histograms, type TreeRows } from '../../../kernels/trees.js';
import type { Tree } from './ensemble.js';

export interface GrowthParameters {
  /** Levels of splits, at most 6. */
  readonly depth: number;
  /** The fewest rows with a gradient in a leaf. */
  readonly minRows: number;
  /** λ of the leaves (L2), in units of curvature. */
  readonly l2: number;
  /** What is kept of each leaf's step. */
  readonly shrinkage: number;
}

interface Sums {
  readonly gradient: number;
  readonly curvature: number;
  readonly count: number;
}

interface Split extends BinSplit {
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** A node that may still split. */
interface Open {
  readonly node: number;
  readonly sums: Sums;
  readonly histogram: Float64Array;
}

/** Less than this is rounding. */
const MIN_GAIN = 1e-9;
const MIN_CURVATURE = 1e-6;

/**
 * Grows one tree level by level on the gradients of `data` (Newton steps, Chen and Guestrin 2016), adds it to the scores, and
 * answers it; null when nothing is gained by any split. Only the smaller child of a split is counted, the other is its parent
 * less that. `cuts` are those that the bins were made with; features outside `allowed` are not split on.
 */
export async function growTree(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  cuts: readonly Float32Array[],
  allowed: ReadonlySet<number>,
  parameters: GrowthParameters,
): Promise<Tree | null> {
  const splits = new Map<number, Split>();
  const leaves = new Map<number, number>();
  const leafValue = ({ gradient, curvature }: Sums) =>
    Math.fround(curvature <= MIN_CURVATURE ? 0 : (-parameters.shrinkage * gradient) / (curvature + parameters.l2));
  const [whole] = await histograms(pool, arena, data, [0]);
  if (whole === undefined) return null;
  let level: Open[] = [{ node: 0, sums: total(whole, data.binCount), histogram: whole }];
  for (let depth = 0; level.length > 0; depth++) {
    const found: { open: Open; split: Split }[] = [];
    for (const open of level) {
      const split = depth < parameters.depth ? bestSplit(open, data.binCount, cuts, allowed, parameters) : null;
      if (split) found.push({ open, split });
      else leaves.set(open.node, leafValue(open.sums));
    }
    if (found.length === 0) break;
    for (const { split } of found) splits.set(split.node, split);
    await descend(
      pool,
      arena,
      data,
      found.map(({ split }) => split),
    );
    if (depth + 1 === parameters.depth) {
      for (const { split } of found) {
        leaves.set(2 * split.node + 1, leafValue(split.left));
        leaves.set(2 * split.node + 2, leafValue(split.right));
      }
      break;
    }
    const smaller = found.map(({ split }) => 2 * split.node + (split.left.count <= split.right.count ? 1 : 2));
    const counted = await histograms(pool, arena, data, smaller);
    level = found.flatMap(({ open, split }, at) => {
      const small = counted[at] ?? new Float64Array(open.histogram.length);
      const rest = open.histogram;
      for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - (small[i] ?? 0);
      const leftIsSmall = smaller[at] === 2 * split.node + 1;
      return [
        { node: 2 * split.node + 1, sums: split.left, histogram: leftIsSmall ? small : rest },
        { node: 2 * split.node + 2, sums: split.right, histogram: leftIsSmall ? rest : small },
      ];
    });
  }
  if (splits.size === 0) return null;
  await addLeaves(pool, arena, data, leaves);
  return toTree(splits, leaves, cuts);
}

function total(histogram: Float64Array, binCount: number): Sums {
  let gradient = 0;
  let curvature = 0;
  let count = 0;
  for (let at = 0; at < binCount * ENTRY; at += ENTRY) {
    gradient += histogram[at] ?? 0;
    curvature += histogram[at + 1] ?? 0;
    count += histogram[at + 2] ?? 0;
  }
  return { gradient, curvature, count };
}

/** The split that lowers the loss most; the first of equals, by feature, then bin. */
function bestSplit(
  { node, sums, histogram }: Open,
  binCount: number,
  cuts: readonly Float32Array[],
  allowed: ReadonlySet<number>,
  { minRows, l2 }: GrowthParameters,
): Split | null {
  if (sums.count < 2 * minRows) return null;
  const merit = (gradient: number, curvature: number) => (gradient * gradient) / (curvature + l2);
  const before = merit(sums.gradient, sums.curvature);
  let best: Split | null = null;
  for (const [feature, edges] of cuts.entries()) {
    if (!allowed.has(feature)) continue;
    let gradient = 0;
    let curvature = 0;
    let count = 0;
    for (let bin = 0; bin < edges.length; bin++) {
      const at = (feature * binCount + bin) * ENTRY;
      gradient += histogram[at] ?? 0;
      curvature += histogram[at + 1] ?? 0;
      count += histogram[at + 2] ?? 0;
      if (count < minRows) continue;
      if (sums.count - count < minRows) break;
      const rest = sums.curvature - curvature;
      if (curvature <= MIN_CURVATURE || rest <= MIN_CURVATURE) continue;
      const gain = merit(gradient, curvature) + merit(sums.gradient - gradient, rest) - before;
      if (gain <= (best?.gain ?? MIN_GAIN)) continue;
      best = {
        node,
        feature,
        bin,
        gain,
        left: { gradient, curvature, count },
        right: { gradient: sums.gradient - gradient, curvature: rest, count: sums.count - count },
      };
    }
  }
  return best;
}

/** From heap indices to nodes in a row, parents first. */
function toTree(
  splits: ReadonlyMap<number, Split>,
  leaves: ReadonlyMap<number, number>,
  cuts: readonly Float32Array[],
): Tree {
  const order = [...splits.keys(), ...leaves.keys()].sort((a, b) => a - b);
  const place = new Map(order.map((node, at) => [node, at]));
  return {
    features: Int32Array.from(order, (node) => splits.get(node)?.feature ?? -1),
    thresholds: Float32Array.from(order, (node) => {
      const split = splits.get(node);
      return split ? (cuts[split.feature]?.[split.bin] ?? 0) : 0;
    }),
    left: Int32Array.from(order, (node) => place.get(2 * node + 1) ?? -1),
    right: Int32Array.from(order, (node) => place.get(2 * node + 2) ?? -1),
    values: Float32Array.from(order, (node) => leaves.get(node) ?? 0),
  };
}
