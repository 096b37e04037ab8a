import type { Arena } from './arena.js';
import type { KernelPool } from './pool.js';

/** Rows per partial histogram: fixes the order of the sums, and so their bits, for any number of threads. */
const HISTOGRAM_BLOCK = 16_384;
const ROW_BLOCK = 32_768;
/** Gradient and curvature of one bin. */
export const ENTRY = 2;
/** A node is a byte. */
export const MAX_DEPTH = 8;
const MAX_NODES = 2 ** MAX_DEPTH;

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
  /** Per row: its node of the level that has been reached; all 0 between trees. */
  readonly nodes: Uint8Array;
}

/** Where a node's rows part: those whose `feature` lies in a bin up to `bin` go to the left. */
export interface BinSplit {
  readonly feature: number;
  readonly bin: number;
}

/** Bytes from row to row of binned features. */
export function binStride(features: number): number {
  return Math.ceil(features / 4) * 4;
}

/** Room for `rows` rows; every number is 0. */
export function allocateTreeRows(arena: Arena, rows: number, features: number, binCount: number): TreeRows {
  const stride = binStride(features);
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
 * For each of `nodes`, one after the other: features × binCount × (gradient, curvature), summed over its rows whose curvature
 * is not 0. `features` are those that are looked at. Blocks of rows are summed by the threads and the blocks in their
 * order here.
 */
export async function histograms(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  features: readonly number[],
  nodes: readonly number[],
): Promise<Float64Array[]> {
  const mark = arena.mark();
  const slots = arena.int32(MAX_NODES).fill(-1);
  for (const [slot, node] of nodes.entries()) slots[node] = slot;
  const looked = arena.int32(features.length);
  looked.set(features);
  const size = features.length * data.binCount * ENTRY;
  const blocks = Math.ceil(data.rows / HISTOGRAM_BLOCK);
  const parts = arena.float64(blocks * nodes.length * size);
  await pool.run({
    kernel: 'histogramRows',
    args: [
      data.bins.byteOffset,
      data.stride,
      looked.byteOffset,
      features.length,
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
  const sums = nodes.map((_, slot) => parts.slice(slot * size, (slot + 1) * size));
  for (let block = 1; block < blocks; block++) {
    for (const [slot, sum] of sums.entries()) {
      const start = (block * nodes.length + slot) * size;
      for (let i = 0; i < size; i++) sum[i] = (sum[i] ?? 0) + (parts[start + i] ?? 0);
    }
  }
  arena.release(mark);
  return sums;
}

/** Moves every row one level down: node n splits as `splits[n]` says. */
export async function descend(
  pool: KernelPool,
  arena: Arena,
  data: TreeRows,
  splits: readonly BinSplit[],
): Promise<void> {
  const mark = arena.mark();
  const features = arena.int32(splits.length);
  const bins = arena.int32(splits.length);
  for (const [node, { feature, bin }] of splits.entries()) {
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
export async function addLeaves(pool: KernelPool, arena: Arena, data: TreeRows, leaves: Float32Array): Promise<void> {
  const mark = arena.mark();
  const values = arena.float32(leaves.length);
  values.set(leaves);
  await pool.run({
    kernel: 'scoreRows',
    args: [data.nodes.byteOffset, values.byteOffset, data.scores.byteOffset],
    count: data.rows,
    block: ROW_BLOCK,
    scratchBytes: null,
  });
  arena.release(mark);
}
