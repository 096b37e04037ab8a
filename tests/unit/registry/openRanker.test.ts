import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { node, onnxModel, tensor } from '../../../src/learning/export/onnx.js';
import { toOnnx } from '../../../src/learning/export/onnxLogistic.js';
import { treesToOnnx } from '../../../src/learning/export/onnxTrees.js';
import { RegistryError } from '../../../src/registry/errors.js';
import { openOnnxRanker } from '../../../src/registry/runtime/onnxRanker.js';
import { type OpenRanker, openRanker } from '../../../src/registry/runtime/openRanker.js';
import { foreignTrees } from '../../helpers/onnxTrees.js';
import { onGrid, randomNodeTree, randomSymmetricTree } from '../../helpers/trees.js';

const namesOf = (width: number) => Array.from({ length: width }, (_, feature) => `f${feature}`);
const CALIBRATION = {
  scores: Float32Array.of(-4, -1, 0, 2),
  probabilities: Float32Array.of(0.01, 0.05, 0.2, 0.4),
};

/** Which runtime opened the model, having answered as ONNX Runtime does. */
async function runtimeOf(model: Uint8Array, width: number, seed = 1): Promise<OpenRanker['runtime']> {
  const random = seededRandom(seed);
  const matrix = Float32Array.from({ length: 300 * width }, () => onGrid(random));
  const ranker = await openRanker(model, namesOf(width));
  const reference = await openOnnxRanker(model, namesOf(width));
  try {
    const expected = await reference.score(matrix, 300);
    for (const [row, score] of (await ranker.score(matrix, 300)).entries()) {
      expect(Math.abs(score - (expected[row] ?? 0))).toBeLessThanOrEqual(1e-5);
    }
    return ranker.runtime;
  } finally {
    await Promise.all([ranker.dispose(), reference.dispose()]);
  }
}

describe('openRanker', () => {
  it('runs a logistic regression in the kernel', async () => {
    expect(await runtimeOf(toOnnx({ weights: Float64Array.of(0.5, 0, -2), bias: -1 }, namesOf(3)), 3)).toBe('kernel');
  });

  it('runs our own trees in the kernel, whatever their shape', async () => {
    const shapes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.integer());
    await fc.assert(
      fc.asyncProperty(shapes, async ([width, count, seed]) => {
        const random = seededRandom(seed);
        const base = { weights: Float64Array.from({ length: width }, () => 0.2 * normal(random)), bias: -1 };
        const trees = Array.from({ length: count }, (_, at) => randomSymmetricTree(random, width, at % 7));
        expect(await runtimeOf(treesToOnnx({ base, trees }, CALIBRATION, namesOf(width)), width, seed)).toBe('kernel');
      }),
      { numRuns: 15 },
    );
  });

  it('runs the trees of others in the kernel: of any shape, split by ≤ or by <', async () => {
    const random = seededRandom(3);
    const trees = Array.from({ length: 30 }, (_, at) => randomNodeTree(random, 6, 1 + (at % 6)));
    for (const mode of ['BRANCH_LEQ', 'BRANCH_LT']) {
      expect(await runtimeOf(foreignTrees(namesOf(6), { trees, mode, base: 0.25 }), 6)).toBe('kernel');
    }
    const zero = { ...randomNodeTree(random, 6, 0), features: Int32Array.of(-1) };
    expect(await runtimeOf(foreignTrees(namesOf(6), { trees: [zero] }), 6)).toBe('kernel');
  });

  it('leaves to ONNX Runtime what the kernel does not do', async () => {
    const random = seededRandom(4);
    const trees = [randomNodeTree(random, 4, 3), randomNodeTree(random, 4, 3)];
    expect(await runtimeOf(foreignTrees(namesOf(4), { trees, mode: 'BRANCH_GT' }), 4)).toBe('onnxruntime');
    expect(await runtimeOf(foreignTrees(namesOf(4), { trees, transform: 'LOGISTIC' }), 4)).toBe('onnxruntime');
    expect(await runtimeOf(foreignTrees(namesOf(4), { trees, missingLeft: 1 }), 4)).toBe('onnxruntime');
    const numbers = (length: number) => Float32Array.from({ length }, () => normal(random));
    const network = [
      node('MatMul', ['features', 'first'], 'hidden'),
      node('Relu', ['hidden'], 'active'),
      node('MatMul', ['active', 'second'], 'logit'),
      node('Sigmoid', ['logit'], 'probability'),
      tensor('first', [4, 8], numbers(32)),
      tensor('second', [8, 1], numbers(8)),
    ];
    expect(await runtimeOf(onnxModel('network', namesOf(4), network, false), 4)).toBe('onnxruntime');
  });

  it('leaves to ONNX Runtime what the kernel would score otherwise', async () => {
    const random = seededRandom(5);
    // Sums of millions in single precision differ with the order of their terms.
    const weights = Float32Array.from({ length: 40 }, () => 1e7 * normal(random));
    const body = [node('MatMul', ['features', 'weights'], 'probability'), tensor('weights', [40, 1], weights)];
    const ranker = await openRanker(onnxModel('steep', namesOf(40), body, false), namesOf(40));
    expect(ranker.runtime).toBe('onnxruntime');
    await ranker.dispose();
  });

  it('refuses bytes that are no model, another shape, and calls after it was disposed of', async () => {
    await expect(openRanker(Uint8Array.of(1, 2, 3), ['a'])).rejects.toBeInstanceOf(RegistryError);
    const ranker = await openRanker(toOnnx({ weights: Float64Array.of(1, -1), bias: 0 }, ['a', 'b']), ['a', 'b']);
    await expect(ranker.score(new Float32Array(3), 2)).rejects.toThrow('3 numbers are not 2 rows of 2 features');
    expect(await ranker.score(new Float32Array(0), 0)).toHaveLength(0);
    await ranker.dispose();
    await ranker.dispose();
    await expect(ranker.score(Float32Array.of(0, 0), 1)).rejects.toThrow('disposed');
  });
});
