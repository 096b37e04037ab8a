import { normal, type Random } from '../../src/domain/random.js';
import type { NodeTree, SymmetricTree } from '../../src/kernels/scorer.js';

/** Values that rows and thresholds share, so that many rows lie exactly on a threshold. */
export const onGrid = (random: Random) => Math.fround(Math.round(20 * normal(random)) / 7);

export function randomSymmetricTree(random: Random, width: number, depth: number): SymmetricTree {
  return {
    features: Int32Array.from({ length: depth }, () => Math.floor(random() * width)),
    thresholds: Float32Array.from({ length: depth }, () => onGrid(random)),
    values: Float32Array.from({ length: 2 ** depth }, () => 0.2 * normal(random)),
  };
}

/** Of any shape, `depth` levels at most. */
export function randomNodeTree(random: Random, width: number, depth: number): NodeTree {
  const nodes: { feature: number; threshold: number; left: number; right: number; value: number }[] = [];
  const grow = (level: number): number => {
    const at = nodes.length;
    nodes.push({ feature: -1, threshold: 0, left: -1, right: -1, value: 0.2 * normal(random) });
    if (level < depth && random() < 0.8) {
      const [feature, threshold] = [Math.floor(random() * width), onGrid(random)];
      const left = grow(level + 1);
      nodes[at] = { feature, threshold, left, right: grow(level + 1), value: 0 };
    }
    return at;
  };
  grow(0);
  return {
    features: Int32Array.from(nodes, ({ feature }) => feature),
    thresholds: Float32Array.from(nodes, ({ threshold }) => threshold),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    values: Float32Array.from(nodes, ({ value }) => value),
  };
}
