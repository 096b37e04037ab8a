import type { Arena } from './arena.js';
import type { KernelPool } from './pool.js';

/** Rows per partial histogram: fixes the order of the sums, and so their bits, for any number of threads. */
const HISTOGRAM_BLOCK = 32_768;
const ROW_BLOCK = 32_768;
/** Gradient, curvature and count of one bin. */
export const ENTRY = 3;
/** Heap indices of a tree of depth 6 end at 126; a byte holds them. */
export const MAX_DEPTH = 6;
const MAX_NODES = 2 ** (MAX_DEPTH + 1);

/** Rows of binned features and where they stand in the tree that grows, in the memory of a pool. */
export interface TreeRows {
  readonly rows: number;
  readonly features: number;
  /** Bins per feature, at most 256. */
  readonly binCount: number;
  /** Bytes from row to row. */
  readonly stride: number;
  /** Rows × stride. */
  readonly bins: Uint8Array;
  /** Per row: gradient, then curvature (0 or more) of the loss by the row's score. */
  readonly gradients: Float32Array;
  /** Per row, in double precision. */
  readonly scores: Float64Array;
  /** Per row: heap index of its node; all 0 between trees. */
  readonly nodes: Uint8Array;
}

/** A split of node `node`: rows whose `feature` lies in a bin up to `bin` go to 2·node + 1, the others to 2·node + 2. */
export interface BinSplit {
  readonly node: number;
  readonly feature: number;
  readonly bin: number;
}

/** Room for `rows` rows; every number is 0. */
export function allocateTreeRows(arena: Arena, rows: number, features: number, binCount: number): TreeRows {
  const stride = Math.ceil(features / 4) * 4;
  return {
    rows,
    features,
    binCount,
    stride,
    bins: arena.uint8(rows * stride),
    gradients: arena.float32(rows * 2),
    scores: arena.float64(rows),
    nodes: arena.uint8(rows),
  };
}

/**
 * For each of `nodes`: features × binCount × (gradient, curvature, count), summed over its rows whose curvature is not 0.
 * Blocks of rows are summed by the threads and the blocks in their order here.
 */
export async function histograms(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  nodes: readonly number[],
): Promise<Float64Array[]> {
  const mark = arena.mark();
  const slots = arena.int32(MAX_NODES).fill(-1);
  for (const [slot, node] of nodes.entries()) slots[node] = slot;
  const size = data.features * data.binCount * ENTRY;
  const blocks = Math.ceil(data.rows / HISTOGRAM_BLOCK);
  const parts = arena.float64(blocks * nodes.length * size);
  await pool.run({
    kernel: 'histogramRows',
    args: [
      data.bins.byteOffset,
      data.stride,
      data.features,
      data.binCount,
      data.gradients.byteOffset,
      data.nodes.byteOffset,
      slots.byteOffset,
      parts.byteOffset,
      nodes.length * size * 8,
      HISTOGRAM_BLOCK,
    ],
    count: data.rows,
    block: HISTOGRAM_BLOCK,
    scratchBytes: null,
  });
  const sums = nodes.map(() => new Float64Array(size));
  for (let block = 0; block < blocks; block++) {
    for (const [slot, sum] of sums.entries()) {
      const start = (block * nodes.length + slot) * size;
      for (let i = 0; i < size; i++) sum[i] = (sum[i] ?? 0) + (parts[start + i] ?? 0);
    }
  }
  arena.release(mark);
  return sums;
}

/** Moves the rows of the split nodes on to their children. */
export async function descend(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  splits: readonly BinSplit[],
): Promise<void> {
  const mark = arena.mark();
  const features = arena.int32(MAX_NODES).fill(-1);
  const bins = arena.int32(MAX_NODES);
  for (const { node, feature, bin } of splits) {
    features[node] = feature;
    bins[node] = bin;
  }
  await pool.run({
    kernel: 'descendRows',
    args: [data.bins.byteOffset, data.stride, data.nodes.byteOffset, features.byteOffset, bins.byteOffset],
    count: data.rows,
    block: ROW_BLOCK,
    scratchBytes: null,
  });
  arena.release(mark);
}

/** Adds to every row's score the value of the leaf it stands in, and puts the rows back at the root. */
export async function addLeaves(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  leaves: ReadonlyMap<number, number>,
): Promise<void> {
  const mark = arena.mark();
  const values = arena.float32(MAX_NODES);
  for (const [node, value] of leaves) values[node] = value;
  await pool.run({
    kernel: 'scoreRows',
    args: [data.nodes.byteOffset, values.byteOffset, data.scores.byteOffset],
    count: data.rows,
    block: ROW_BLOCK,
    scratchBytes: null,
  });
  arena.release(mark);
}
