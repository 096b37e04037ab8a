import { seededRandom } from '../../domain/random.js';
import { type Factors, gramMatrix } from '../../kernels/gram.js';
import { paddedWidth } from '../../kernels/layout.js';
import type { KernelPool } from '../../kernels/pool.js';
import { breathe } from '../breathe.js';
import { judgeRidge, type RidgeFit, type RidgeMoments, solveRidge } from './ridge.js';

/** Vectors of the items, row after row. */
export interface ItemVectors {
  readonly dimensions: number;
  readonly itemFactors: Float32Array;
}

export interface ContentMap {
  /** See `placeByContent`. */
  readonly map: Float32Array;
  /** Share of the squared length of the factors that content predicts, of items that were not fitted to. Below 1. */
  readonly explained: number;
}

const FOLDS = 5;
/** An item that so many people met is half sure. */
const HALF_SURE = 10;
/** Penalties that are tried, as multiples of the mean square of an input. */
const PENALTIES = [1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** Rows that are copied before giving way. */
const AT_ONCE = 2_000;

/**
 * Ridge regression from what items say to where people put them (Gantner et al. 2010, attribute-to-factor mappings).
 * An item counts by how many people met it; the penalty is chosen by cross-validation over items. At last the
 * predictions are scaled so that they are right in the mean for items they were not fitted to, each counting the same:
 * most items that come will have few friends, too. Null when too few items were met to judge by.
 */
export async function trainContentMap(options: {
  readonly content: ItemVectors;
  readonly model: ItemVectors;
  /** Per item: how many people met it. */
  readonly metBy: Int32Array;
  readonly seed: number;
  readonly pool: KernelPool;
}): Promise<ContentMap | null> {
  const { content, model, metBy, pool } = options;
  const folds = foldsOf(options);
  if (folds.some((items) => items.length === 0)) return null;
  const moments = (weightOf: (count: number) => number) =>
    pool.borrow(async (arena) => {
      const parts: RidgeMoments[] = [];
      for (const items of folds) {
        const mark = arena.mark();
        const inputs = content.dimensions + 1;
        const width = paddedWidth(inputs + model.dimensions);
        const rows: Factors = { rows: items.length, width, values: arena.float32(items.length * width) };
        await fill(rows, items, content, model, (item) => Math.sqrt(weightOf(metBy[item] ?? 0)));
        const sums = await gramMatrix(pool, arena, rows);
        parts.push({ moments: sums, width, inputs, outputs: model.dimensions });
        arena.release(mark);
      }
      return parts;
    });
  const sure = await moments((count) => count / (count + HALF_SURE));
  const alike = await moments(() => 1);
  const all = sumOf(sure);
  const unit = meanSquare(all);
  let best: { readonly penalty: number; readonly error: number; readonly parts: Float64Array[] } | null = null;
  for (const share of PENALTIES) {
    await breathe();
    const penalty = share * unit;
    const parts = sure.map((part) => solveRidge(without(all, part), penalty * (1 - 1 / FOLDS)));
    const { truth, agreement, prediction } = judgeAll(sure, parts);
    const error = truth - 2 * agreement + prediction;
    if (best === null || error < best.error) best = { penalty, error, parts };
  }
  if (best === null) return null;
  const { truth, agreement, prediction } = judgeAll(alike, best.parts);
  const scale = prediction > 0 ? Math.min(1, Math.max(0, agreement / prediction)) : 0;
  const map = Float32Array.from(solveRidge(all, best.penalty), (value) => scale * value);
  const error = truth - 2 * scale * agreement + scale * scale * prediction;
  return { map, explained: truth > 0 ? 1 - error / truth : 0 };
}

/** Items that say something and that someone met, in parts drawn by chance. */
function foldsOf({ content, metBy, seed }: { content: ItemVectors; metBy: Int32Array; seed: number }): Int32Array[] {
  const random = seededRandom(seed);
  const folds: number[][] = Array.from({ length: FOLDS }, () => []);
  const { dimensions: d, itemFactors } = content;
  for (let item = 0; item < metBy.length; item++) {
    const fold = folds[Math.floor(random() * FOLDS)];
    const says = itemFactors.subarray(item * d, (item + 1) * d).some((value) => value !== 0);
    if (says && (metBy[item] ?? 0) > 0) fold?.push(item);
  }
  return folds.map((items) => Int32Array.from(items));
}

/** Rows √w (x, 1, y, padding). */
async function fill(
  { width, values }: Factors,
  items: Int32Array,
  content: ItemVectors,
  model: ItemVectors,
  rootOf: (item: number) => number,
): Promise<void> {
  for (const [row, item] of items.entries()) {
    if (row % AT_ONCE === 0) await breathe();
    const root = rootOf(item);
    const to = row * width;
    for (let k = 0; k < content.dimensions; k++) {
      values[to + k] = root * (content.itemFactors[item * content.dimensions + k] ?? 0);
    }
    values[to + content.dimensions] = root;
    const after = to + content.dimensions + 1;
    for (let k = 0; k < model.dimensions; k++) {
      values[after + k] = root * (model.itemFactors[item * model.dimensions + k] ?? 0);
    }
  }
}

function sumOf(parts: readonly RidgeMoments[]): RidgeMoments {
  const [first] = parts;
  if (first === undefined) throw new RangeError('there is nothing to sum');
  const moments = new Float64Array(first.moments.length);
  for (const part of parts) for (const [at, value] of part.moments.entries()) moments[at] = (moments[at] ?? 0) + value;
  return { ...first, moments };
}

function without(all: RidgeMoments, part: RidgeMoments): RidgeMoments {
  return { ...all, moments: all.moments.map((value, at) => value - (part.moments[at] ?? 0)) };
}

/** Of one input, the constant left aside. */
function meanSquare({ moments, width, inputs }: RidgeMoments): number {
  let sum = 0;
  for (let k = 0; k < inputs - 1; k++) sum += moments[k * width + k] ?? 0;
  return sum / Math.max(1, inputs - 1);
}

function judgeAll(held: readonly RidgeMoments[], solutions: readonly Float64Array[]): RidgeFit {
  const fits = held.map((part, at) => judgeRidge(part, solutions[at] ?? new Float64Array(0)));
  const total = (name: keyof RidgeFit) => fits.reduce((sum, fit) => sum + fit[name], 0);
  return { truth: total('truth'), agreement: total('agreement'), prediction: total('prediction') };
}
