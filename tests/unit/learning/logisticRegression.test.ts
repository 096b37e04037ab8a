import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { toOnnx } from '../../../src/learning/export/onnxLogistic.js';
import { fitLogistic, predict } from '../../../src/learning/trainers/logisticRegression.js';
import { openOnnxRanker } from '../../../src/registry/runtime/onnxRanker.js';

/** Rows of features of unlike scale whose labels follow known weights. */
function planted(rows: number, weights: readonly number[], bias: number, seed: number) {
  const random = seededRandom(seed);
  const width = weights.length;
  const matrix = Float32Array.from({ length: rows * width }, (_, at) => (1 + (at % width)) * normal(random));
  const chances = predict({ weights: Float64Array.from(weights), bias }, matrix);
  return { matrix, chances, labels: Uint8Array.from(chances, (chance) => (random() < chance ? 1 : 0)) };
}

const WEAK = { ridge: 0.01, prior: 0.1 };

describe('fitLogistic', () => {
  it('recovers the weights that made the labels', async () => {
    const weights = [1.5, 0.3, 0.6];
    const { matrix, labels } = planted(20_000, weights, -2, 4);
    const model = await fitLogistic([{ matrix, labels }], 3, WEAK);
    expect(model.bias).toBeCloseTo(-2, 0);
    for (const [k, weight] of weights.entries()) expect(Math.abs((model.weights[k] ?? 0) - weight)).toBeLessThan(0.1);
  });

  it('is calibrated in the large: the mean of its probabilities is the rate of positives', async () => {
    const { matrix, labels } = planted(5_000, [0.8, 0.4], -3, 5);
    const probabilities = predict(await fitLogistic([{ matrix, labels }], 2, WEAK), matrix);
    const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    expect(probabilities.reduce((sum, p) => sum + p, 0) / probabilities.length).toBeCloseTo(rate, 4);
  });

  it('gives no negative weight, and refits the others without it', async () => {
    const { matrix, labels } = planted(10_000, [1, -0.5], -1, 6);
    const model = await fitLogistic([{ matrix, labels }], 2, WEAK);
    expect(model.weights[1]).toBe(0);
    expect(model.weights[0]).toBeGreaterThan(0.5);
  });

  it('stays at its prior where the data say nothing, and at 0 for what never varies', async () => {
    const matrix = Float32Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 7 : Math.floor(at / 2) % 2));
    const labels = Uint8Array.from({ length: 200 }, (_, row) => (row % 4 < 2 ? 1 : 0));
    const model = await fitLogistic([{ matrix, labels }], 2, { ridge: 1e6, prior: 0.1 });
    expect(model.weights[0]).toBe(0);
    expect((model.weights[1] ?? 0) * 0.5).toBeCloseTo(0.1, 2);
  });

  it('ends in the same place wherever it starts, and however the rows are cut into pieces', async () => {
    const { matrix, labels } = planted(2_000, [0.8, 0.4], -1, 7);
    const straight = await fitLogistic([{ matrix, labels }], 2, WEAK);
    const start = { weights: Float64Array.of(-3, 2), bias: 4 };
    const pieces = [
      { matrix: matrix.subarray(0, 600), labels: labels.subarray(0, 300) },
      { matrix: matrix.subarray(600), labels: labels.subarray(300) },
    ];
    const other = await fitLogistic(pieces, 2, WEAK, start);
    expect(other.bias).toBeCloseTo(straight.bias, 5);
    for (const k of [0, 1]) expect(other.weights[k]).toBeCloseTo(straight.weights[k] ?? 0, 5);
  });

  it('survives labels of one kind', async () => {
    const matrix = Float32Array.of(1, 2, 3);
    const model = await fitLogistic([{ matrix, labels: new Uint8Array(3) }], 1, { ridge: 1, prior: 0.1 });
    for (const p of predict(model, matrix)) expect(p).toBeLessThan(0.3);
  });
});

describe('toOnnx', () => {
  it('scores in the ONNX runtime as the trainer does', async () => {
    const finite = fc.float({ min: -8, max: 8, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }).chain((width) =>
          fc.record({
            weights: fc.array(finite, { minLength: width, maxLength: width }),
            rows: fc.array(fc.array(finite, { minLength: width, maxLength: width }), { maxLength: 12 }),
          }),
        ),
        finite,
        async ({ weights, rows }, bias) => {
          const names = weights.map((_, k) => `feature ${k}`);
          const model = { weights: Float64Array.from(weights), bias };
          const ranker = await openOnnxRanker(toOnnx(model, names), names);
          const matrix = Float32Array.from(rows.flat());
          const scores = await ranker.score(matrix, rows.length);
          for (const [row, expected] of predict(model, matrix).entries()) expect(scores[row]).toBeCloseTo(expected, 5);
          await ranker.dispose();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('is bytes of the model alone: the same model, the same file', () => {
    const model = { weights: Float64Array.of(1, 2), bias: 0.5 };
    expect(toOnnx(model, ['a', 'b'])).toEqual(toOnnx(model, ['a', 'b']));
  });
});
