import type { Arena } from '../../../kernels/arena.js';
import type { KernelPool } from '../../../kernels/pool.js';
import type { SymmetricTree } from '../../../kernels/scorer.js';
import { addLeaves, type BinSplit, descend, ENTRY, histograms, type TreeRows } from '../../../kernels/trees.js';

export interface GrowthParameters {
  /** Levels of splits, at most 8. */
  readonly depth: number;
  /** λ of the leaves (L2), in units of curvature. */
  readonly l2: number;
  /** What is kept of each leaf's step. */
  readonly shrinkage: number;
}

/** Gradient and curvature of the rows on one side. */
interface Sums {
  readonly gradient: number;
  readonly curvature: number;
}

/** Less than this is rounding. */
const MIN_GAIN = 1e-9;

/**
 * Grows one tree on the gradients of `data` (Newton steps, Chen and Guestrin 2016), adds it to the scores, and answers it;
 * null when nothing is gained by any split. All nodes of a level split alike, by the feature and bin that lower the loss
 * most over all of them (oblivious trees, Prokhorenkova et al. 2018): a tree is then a table that few comparisons look up.
 * Only the smaller child of a node is counted, the other is its parent less that. `cuts` are those that the bins were made
 * with; only the features in `allowed` are split on.
 */
export async function growTree(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  cuts: readonly Float32Array[],
  allowed: readonly number[],
  parameters: GrowthParameters,
): Promise<SymmetricTree | null> {
  const size = allowed.length * data.binCount * ENTRY;
  let level = await histograms(pool, arena, data, allowed, [0]);
  const splits: BinSplit[] = [];
  let leaves: Sums[] = [];
  while (splits.length < parameters.depth) {
    const best = bestSplit(level, data.binCount, cuts, allowed, parameters.l2);
    if (best === null) break;
    const split = { feature: allowed[best.place] ?? 0, bin: best.bin };
    splits.push(split);
    leaves = level.flatMap((histogram) => sidesOf(histogram, best.place, best.bin, data.binCount));
    await descend(
      pool,
      arena,
      data,
      level.map(() => split),
    );
    if (splits.length === parameters.depth) break;
    const smaller = level.map((_, node) => {
      const [left, right] = [leaves[2 * node], leaves[2 * node + 1]];
      return 2 * node + ((left?.curvature ?? 0) <= (right?.curvature ?? 0) ? 0 : 1);
    });
    const counted = await histograms(pool, arena, data, allowed, smaller);
    level = level.flatMap((rest, node) => {
      const small = counted[node] ?? new Float64Array(size);
      for (let i = 0; i < size; i++) rest[i] = (rest[i] ?? 0) - (small[i] ?? 0);
      return smaller[node] === 2 * node ? [small, rest] : [rest, small];
    });
  }
  if (splits.length === 0) return null;
  const values = Float32Array.from(
    leaves,
    ({ gradient, curvature }) => (-parameters.shrinkage * gradient) / (Math.max(0, curvature) + parameters.l2),
  );
  await addLeaves(pool, arena, data, values);
  return {
    features: Int32Array.from(splits, ({ feature }) => feature),
    thresholds: Float32Array.from(splits, ({ feature, bin }) => cuts[feature]?.[bin] ?? 0),
    values,
  };
}

/** What lies left and right of a split of a node. */
function sidesOf(histogram: Float64Array, place: number, bin: number, binCount: number): [Sums, Sums] {
  const left = { gradient: 0, curvature: 0 };
  const right = { gradient: 0, curvature: 0 };
  for (let at = 0; at < binCount; at++) {
    const entry = (place * binCount + at) * ENTRY;
    const side = at <= bin ? left : right;
    side.gradient += histogram[entry] ?? 0;
    side.curvature += histogram[entry + 1] ?? 0;
  }
  return [left, right];
}

/** The split of all nodes at once that lowers the loss most; the first of equals, by feature, then bin. */
function bestSplit(
  level: readonly Float64Array[],
  binCount: number,
  cuts: readonly Float32Array[],
  allowed: readonly number[],
  l2: number,
): { readonly place: number; readonly bin: number } | null {
  const merits = new Float64Array(binCount);
  let best: { place: number; bin: number } | null = null;
  let most = MIN_GAIN;
  for (const [place, feature] of allowed.entries()) {
    const splits = cuts[feature]?.length ?? 0;
    if (splits === 0) continue;
    let before = 0;
    merits.fill(0);
    for (const histogram of level) {
      const first = place * binCount * ENTRY;
      let gradient = 0;
      let curvature = 0;
      for (let at = first; at < first + binCount * ENTRY; at += ENTRY) {
        gradient += histogram[at] ?? 0;
        curvature += histogram[at + 1] ?? 0;
      }
      before += (gradient * gradient) / (Math.max(0, curvature) + l2);
      let left = 0;
      let below = 0;
      for (let bin = 0; bin < splits; bin++) {
        left += histogram[first + bin * ENTRY] ?? 0;
        below += histogram[first + bin * ENTRY + 1] ?? 0;
        const right = gradient - left;
        const above = curvature - below;
        merits[bin] =
          (merits[bin] ?? 0) + (left * left) / (Math.max(0, below) + l2) + (right * right) / (Math.max(0, above) + l2);
      }
    }
    for (let bin = 0; bin < splits; bin++) {
      const gain = (merits[bin] ?? 0) - before;
      if (gain <= most) continue;
      most = gain;
      best = { place, bin };
    }
  }
  return best;
}
