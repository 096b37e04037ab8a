import { createArena, pagesFor } from './arena.js';
import { bindKernels, compileKernels } from './module.js';

/**
 * A regression tree; node 0 is the root. An inner node sends a row to `left` when its feature is at most the threshold
 * (a float32), else, and when it is NaN, to `right`. A leaf has feature −1 and a value. Children come after their parents.
 */
export interface NodeTree {
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly values: Float32Array;
}

/**
 * A tree all of whose nodes of one level ask the same: is the feature of the level above its threshold (a float32)? The
 * answers, 1 for yes, first level first, are the bits of the place of its value, the first the highest.
 */
export interface SymmetricTree {
  /** One per level. */
  readonly features: Int32Array;
  readonly thresholds: Float32Array;
  /** 2 to the number of levels. */
  readonly values: Float32Array;
}

/** A rising line from knot to knot, level before the first and after the last. */
export interface Curve {
  /** Its value before the first knot. */
  readonly lowest: number;
  /** Where each piece begins, how far it reaches, and how much it rises per unit. */
  readonly knots: Float32Array;
  readonly widths: Float32Array;
  readonly slopes: Float32Array;
}

/** What a ranker computes: bias + Σ weights · row + one value of each tree, then the link. */
export interface ScoringModel {
  /** One per feature. */
  readonly weights: Float32Array;
  readonly bias: number;
  readonly symmetricTrees: readonly SymmetricTree[];
  readonly nodeTrees: readonly NodeTree[];
  readonly link: 'identity' | 'logistic' | Curve;
}

/** Scores rows of features on the caller's thread. */
export interface Scorer {
  /** `rows` × features, row after row → one score per row. */
  score(matrix: Float32Array, rows: number): Float32Array;
}

/** Rows that are scored at a time, a multiple of 16. */
const CHUNK = 1024;
const BLOCK = 16;
const NODE_BYTES = 16;

/** Lays the model out in memory of its own. */
export function createScorer({ weights, bias, symmetricTrees, nodeTrees, link }: ScoringModel): Scorer {
  const width = weights.length;
  // Columns a power of two apart would fall into the same few lines of the cache.
  const columnBytes = (CHUNK + BLOCK) * 4;
  const four = Math.ceil(nodeTrees.length / 4) * 4;
  const treeBytes = symmetricTrees.reduce(
    (sum, { values, features }) => sum + 4 + 8 * features.length + 4 * values.length,
    0,
  );
  const nodeCount = 1 + nodeTrees.reduce((sum, { features }) => sum + features.length, 0);
  const knotCount = typeof link === 'string' ? 0 : link.knots.length;
  const arena = createArena(
    pagesFor(
      CHUNK * width * 4,
      columnBytes * width,
      CHUNK * 4,
      width * 8,
      treeBytes,
      four * 8,
      nodeCount * NODE_BYTES,
      knotCount * 12,
    ),
  );
  const rowsIn = arena.float32(CHUNK * width);
  const columns = arena.scratch(columnBytes * width);
  const out = arena.float32(CHUNK);
  const line = arena.scratch(width * 8);
  const symmetric = arena.scratch(treeBytes);
  const roots = arena.int32(four * 2);
  const nodes = arena.scratch(nodeCount * NODE_BYTES);
  const knots = arena.float32(knotCount * 3);
  const view = new DataView(arena.memory.buffer);
  const lineLength = writeLine(view, line, weights, columnBytes);
  writeSymmetric(view, symmetric, symmetricTrees, columnBytes);
  writeNodes(view, nodes, roots, nodeTrees);
  if (typeof link !== 'string') {
    for (let k = 0; k < knotCount; k++) {
      knots.set([link.knots[k] ?? 0, link.widths[k] ?? 0, link.slopes[k] ?? 0], 3 * k);
    }
  }
  const call = bindKernels(compileKernels(), arena.memory);

  const scoreChunk = (rows: number) => {
    const blocks = Math.ceil(rows / BLOCK);
    call('toColumns', rowsIn.byteOffset, blocks, width, columns, columnBytes);
    call('lineRows', columns, blocks, line, lineLength, bias, out.byteOffset);
    if (symmetricTrees.length > 0) {
      call('symmetricTrees', columns, blocks, symmetric, symmetricTrees.length, out.byteOffset);
    }
    if (four > 0) call('nodeTrees', rowsIn.byteOffset, width * 4, rows, roots.byteOffset, four, out.byteOffset);
    if (typeof link !== 'string') {
      call('curveRows', blocks, knots.byteOffset, knotCount, link.lowest, out.byteOffset);
    }
  };

  return {
    score(matrix, rows) {
      if (matrix.length !== rows * width) {
        throw new RangeError(`score: ${matrix.length} numbers are not ${rows} rows of ${width} features`);
      }
      const scores = new Float32Array(rows);
      for (let from = 0; from < rows; from += CHUNK) {
        const to = Math.min(rows, from + CHUNK);
        rowsIn.set(matrix.subarray(from * width, to * width));
        scoreChunk(to - from);
        scores.set(out.subarray(0, to - from), from);
      }
      if (link === 'logistic')
        for (let row = 0; row < rows; row++) scores[row] = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      return scores;
    },
  };
}

// See `assembly/scorer.ts` for the layouts.

/** Features without a weight are left out. Answers how many have one. */
function writeLine(view: DataView, pointer: number, weights: Float32Array, columnBytes: number): number {
  let count = 0;
  for (const [feature, weight] of weights.entries()) {
    if (weight === 0) continue;
    view.setInt32(pointer + 8 * count, feature * columnBytes, true);
    view.setFloat32(pointer + 8 * count + 4, weight, true);
    count++;
  }
  return count;
}

function writeSymmetric(view: DataView, pointer: number, trees: readonly SymmetricTree[], columnBytes: number): void {
  let at = pointer;
  for (const { features, thresholds, values } of trees) {
    view.setInt32(at, features.length, true);
    at += 4;
    for (const [level, feature] of features.entries()) {
      view.setInt32(at, feature * columnBytes, true);
      view.setFloat32(at + 4, thresholds[level] ?? 0, true);
      at += 8;
    }
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
}

function writeNodes(view: DataView, pointer: number, roots: Int32Array, trees: readonly NodeTree[]): void {
  const write = (at: number, value: number, feature: number, left: number, toRight: number) => {
    view.setFloat32(at, value, true);
    view.setUint32(at + 4, feature * 4, true);
    view.setUint32(at + 8, left, true);
    view.setInt32(at + 12, toRight, true);
  };
  // A leaf of value 0 stands in where a group of four is not full.
  write(pointer, 0, 0, pointer, 0);
  for (let tree = 0; tree < roots.length; tree += 2) roots[tree] = pointer;
  let first = pointer + NODE_BYTES;
  for (const [tree, { features, thresholds, left, right, values }] of trees.entries()) {
    const place = (node: number) => first + node * NODE_BYTES;
    const depths = new Int32Array(features.length);
    for (const [node, feature] of features.entries()) {
      if (feature < 0) {
        write(place(node), values[node] ?? 0, 0, place(node), 0);
        continue;
      }
      const [yes, no] = [left[node] ?? 0, right[node] ?? 0];
      write(place(node), thresholds[node] ?? 0, feature, place(yes), (no - yes) * NODE_BYTES);
      for (const child of [yes, no]) depths[child] = (depths[node] ?? 0) + 1;
    }
    roots[2 * tree] = first;
    roots[2 * tree + 1] = depths.reduce((most, depth) => Math.max(most, depth), 0);
    first += features.length * NODE_BYTES;
  }
}
