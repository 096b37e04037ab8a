import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { treesToOnnx } from '../../../src/learning/export/onnxTrees.js';
import { fitIsotonic } from '../../../src/learning/trainers/isotonic.js';
import { predictTrees } from '../../../src/learning/trainers/treeRanker.js';
import { scoreTrees, type TreeEnsemble } from '../../../src/learning/trainers/trees/ensemble.js';
import { openOnnxRanker } from '../../../src/registry/runtime/onnxRanker.js';
import { onGrid, randomSymmetricTree } from '../../helpers/trees.js';

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
            trees: Array.from({ length: count }, (_, at) => randomSymmetricTree(random, width, at % (depth + 1))),
          };
          const rows = 300;
          const matrix = Float32Array.from({ length: rows * width }, () => onGrid(random));
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
