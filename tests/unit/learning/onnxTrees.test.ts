import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, type Random, seededRandom } from '../../../src/domain/random.js';
import { treesToOnnx } from '../../../src/learning/export/onnxTrees.js';
import { fitIsotonic } from '../../../src/learning/trainers/isotonic.js';
import { predictTrees } from '../../../src/learning/trainers/treeRanker.js';
import { scoreTrees, type Tree, type TreeEnsemble } from '../../../src/learning/trainers/trees/ensemble.js';
import { openOnnxRanker } from '../../../src/registry/runtime/onnxRanker.js';

/** Values that rows and thresholds share, so that many rows lie exactly on a threshold. */
const grid = (random: Random) => Math.fround(Math.round(20 * normal(random)) / 7);

function randomTree(random: Random, width: number, depth: number): Tree {
  const nodes: { feature: number; threshold: number; left: number; right: number; value: number }[] = [];
  const grow = (level: number): number => {
    const at = nodes.length;
    const leaf = { feature: -1, threshold: 0, left: -1, right: -1, value: Math.fround(0.2 * normal(random)) };
    nodes.push(leaf);
    if (level < depth && random() < 0.8) {
      const feature = Math.floor(random() * width);
      const threshold = grid(random);
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

describe('treesToOnnx', () => {
  it('scores as the trainer does, to 1e-5, rows on a threshold too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer(),
        async (width, count, depth, seed) => {
          const random = seededRandom(seed);
          const ensemble: TreeEnsemble = {
            base: {
              weights: Float64Array.from({ length: width }, () => 0.3 * normal(random)),
              bias: -5 + normal(random),
            },
            trees: Array.from({ length: count }, () => randomTree(random, width, depth)),
          };
          const rows = 300;
          const matrix = Float32Array.from({ length: rows * width }, () => grid(random));
          const scores = scoreTrees(ensemble, matrix);
          const labels = Uint8Array.from(scores, (score) => (random() < 1 / (1 + Math.exp(-score - 4)) ? 1 : 0));
          const calibration = await fitIsotonic([{ scores, labels }]);
          const features = Array.from({ length: width }, (_, k) => `f${k}`);
          const expected = predictTrees({ ensemble, calibration }, matrix);
          const ranker = await openOnnxRanker(treesToOnnx(ensemble, calibration, features), features);
          try {
            const found = await ranker.score(matrix, rows);
            for (const [row, value] of expected.entries()) {
              expect(Math.abs((found[row] ?? 0) - value)).toBeLessThanOrEqual(1e-5);
            }
          } finally {
            await ranker.dispose();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
