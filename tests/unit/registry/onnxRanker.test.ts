import { describe, expect, it } from 'vitest';
import { toOnnx } from '../../../src/learning/export/onnxLogistic.js';
import { RegistryError } from '../../../src/registry/errors.js';
import { openOnnxRanker } from '../../../src/registry/runtime/onnxRanker.js';

const bytes = toOnnx({ weights: Float64Array.of(1, -1), bias: 0 }, ['a', 'b']);

describe('openOnnxRanker', () => {
  it('refuses bytes that are no model', async () => {
    await expect(openOnnxRanker(Uint8Array.of(1, 2, 3), ['a'])).rejects.toBeInstanceOf(RegistryError);
  });

  it('refuses a matrix of another shape', async () => {
    const ranker = await openOnnxRanker(bytes, ['a', 'b']);
    await expect(ranker.score(new Float32Array(3), 2)).rejects.toThrow('3 numbers are not 2 rows of 2 features');
    expect(await ranker.score(new Float32Array(0), 0)).toHaveLength(0);
    await ranker.dispose();
  });

  it('finishes the calls under way before it is freed, and refuses later ones', async () => {
    const ranker = await openOnnxRanker(bytes, ['a', 'b']);
    const underWay = Array.from({ length: 5 }, () => ranker.score(Float32Array.of(0, 0), 1));
    await ranker.dispose();
    for (const scores of await Promise.all(underWay)) expect(scores[0]).toBeCloseTo(0.5, 6);
    await expect(ranker.score(Float32Array.of(0, 0), 1)).rejects.toThrow('disposed');
    await ranker.dispose();
  });
});
