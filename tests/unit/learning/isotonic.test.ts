import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { calibrationError, logLoss } from '../../../src/learning/evaluation/probabilities.js';
import { calibrate, fitIsotonic, poolAdjacentViolators, toCurve } from '../../../src/learning/trainers/isotonic.js';
import { linked } from '../kernels/reference.js';

const points = (...values: readonly number[]) => values.map((y, x) => ({ x, y, weight: 1 }));

describe('poolAdjacentViolators', () => {
  it('leaves what rises, and pools what falls to its mean', () => {
    expect(poolAdjacentViolators(points(1, 2, 3)).map(({ y }) => y)).toEqual([1, 2, 3]);
    expect(poolAdjacentViolators(points(1, 3, 2, 4))).toEqual([
      { x: 0, y: 1, weight: 1 },
      { x: 1.5, y: 2.5, weight: 2 },
      { x: 3, y: 4, weight: 1 },
    ]);
    expect(poolAdjacentViolators(points(3, 2, 1))).toEqual([{ x: 1, y: 2, weight: 3 }]);
    expect(poolAdjacentViolators([])).toEqual([]);
  });

  it('weighs', () => {
    const pooled = poolAdjacentViolators([
      { x: 0, y: 1, weight: 3 },
      { x: 4, y: 0, weight: 1 },
    ]);
    expect(pooled).toEqual([{ x: 1, y: 0.75, weight: 4 }]);
  });

  it('rises, keeps the mean, and no rising sequence is nearer', () => {
    const point = fc.record({ y: fc.double({ min: 0, max: 1, noNaN: true }), weight: fc.integer({ min: 1, max: 9 }) });
    const distance = (given: readonly { y: number; weight: number }[], fit: readonly number[]) =>
      given.reduce((sum, { y, weight }, at) => sum + weight * (y - (fit[at] ?? 0)) ** 2, 0);
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), fc.integer(), (list, seed) => {
        const given = list.map(({ y, weight }, x) => ({ x, y, weight }));
        const pooled = poolAdjacentViolators(given);
        for (const [at, { y }] of pooled.entries()) if (at > 0) expect(y).toBeGreaterThan(pooled[at - 1]?.y ?? 1);
        const mass = (steps: typeof pooled) => steps.reduce((sum, { y, weight }) => sum + y * weight, 0);
        expect(mass(pooled)).toBeCloseTo(mass(given), 9);
        const fit: number[] = [];
        for (const { y, weight } of pooled) {
          for (let left = weight; left > 0; left -= given[fit.length - 1]?.weight ?? weight) fit.push(y);
        }
        expect(fit).toHaveLength(given.length);
        const random = seededRandom(seed);
        const other = given.map(() => random()).sort((a, b) => a - b);
        expect(distance(given, fit)).toBeLessThanOrEqual(distance(given, other) + 1e-9);
      }),
    );
  });
});

describe('fitIsotonic', () => {
  it('is right on three groups worked out by hand', async () => {
    // 50 rows each at scores 0, 1 and 2, of them 5, 10 and 20 positive: 35 of 150. One row of that rate is added to each:
    // (5 + 0.2333) / 51, (10 + 0.2333) / 51, (20 + 0.2333) / 51, and a line from one to the next.
    const scores = Array.from({ length: 150 }, (_, row) => Math.floor(row / 50));
    const labels = scores.map((score, row) => (row % 50 < ([5, 10, 20][score] ?? 0) ? 1 : 0));
    const calibration = await fitIsotonic([{ scores, labels }]);
    const expected = [0.102614, 0.200654, 0.396732];
    for (const [score, probability] of expected.entries()) {
      expect(calibrate(calibration, score)).toBeCloseTo(probability, 5);
    }
    expect(calibrate(calibration, 0.5)).toBeCloseTo(0.151634, 5);
    expect(calibrate(calibration, -50)).toBeLessThan(0.102614);
    expect(calibrate(calibration, 50)).toBeGreaterThan(0.396732);
  });

  it('pools the groups that are out of order', async () => {
    const scores = Array.from({ length: 100 }, (_, row) => Math.floor(row / 50));
    const labels = scores.map((score, row) => (row % 50 < (score === 0 ? 20 : 10) ? 1 : 0));
    const calibration = await fitIsotonic([{ scores, labels }]);
    // 30 of 100, whichever the score; the ends differ by a thousandth so that no two scores become equal.
    for (const score of [0, 1]) expect(calibrate(calibration, score)).toBeCloseTo(0.3, 2);
  });

  it('is the same map as pieces that add up', async () => {
    const random = seededRandom(8);
    const scores = Float64Array.from({ length: 5000 }, () => 3 * normal(random));
    const labels = scores.map((score) => (random() < 1 / (1 + Math.exp(-score)) ? 1 : 0));
    const calibration = await fitIsotonic([{ scores, labels }]);
    const curve = toCurve(calibration);
    for (const score of [-20, -3, -0.1, 0, 0.7, 2.9, 20, ...calibration.scores]) {
      expect(linked(curve, score)).toBeCloseTo(calibrate(calibration, score), 6);
    }
  });

  it('learns what scores are worth, however they are bent', async () => {
    const random = seededRandom(3);
    const truth = (score: number) => 1 / (1 + Math.exp(3 - Math.exp(0.4 * score)));
    const draw = (rows: number) => {
      const scores = Float64Array.from({ length: rows }, () => 2 * normal(random));
      return { scores, labels: Uint8Array.from(scores, (score) => (random() < truth(score) ? 1 : 0)) };
    };
    const calibration = await fitIsotonic([draw(20_000), draw(20_000)]);
    const { scores, labels } = draw(20_000);
    const promised = scores.map((score) => calibrate(calibration, score));
    expect(calibrationError(promised, labels)).toBeLessThan(0.01);
    expect(logLoss(promised, labels)).toBeLessThan(logLoss(scores.map(truth), labels) + 0.005);
  });

  it('rises strictly between 0 and 1, whatever it is given', async () => {
    const row = fc.record({ score: fc.double({ min: -9, max: 9, noNaN: true }), label: fc.constantFrom(0, 0, 0, 1) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 600 }), async (rows) => {
        const scores = rows.map(({ score }) => score);
        const labels = rows.map(({ label }) => label);
        const calibration = await fitIsotonic([{ scores, labels }]);
        const { scores: knots, probabilities } = calibration;
        expect(knots.length).toBeGreaterThanOrEqual(2);
        for (let k = 0; k < knots.length; k++) {
          expect(probabilities[k]).toBeGreaterThanOrEqual(0);
          expect(probabilities[k]).toBeLessThan(1);
          if (k === 0) continue;
          expect(knots[k]).toBeGreaterThan(knots[k - 1] ?? 1);
          expect(probabilities[k]).toBeGreaterThan(probabilities[k - 1] ?? 1);
        }
        const sorted = [...scores].sort((a, b) => a - b).map((score) => calibrate(calibration, score));
        for (const [at, value] of sorted.entries()) expect(value).toBeGreaterThanOrEqual(sorted[at - 1] ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the mean of what it was fitted to', async () => {
    const random = seededRandom(5);
    const scores = Float64Array.from({ length: 30_000 }, () => -4 + normal(random));
    const labels = Uint8Array.from(scores, (score) => (random() < 1 / (1 + Math.exp(-score)) ? 1 : 0));
    const calibration = await fitIsotonic([{ scores, labels }]);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
    const promised = mean(scores.map((score) => calibrate(calibration, score)));
    expect(Math.abs(promised - mean(labels))).toBeLessThan(0.03 * mean(labels));
  });

  it('says the rate when scores tell nothing', async () => {
    const calibration = await fitIsotonic([
      {
        scores: new Float64Array(100).fill(2),
        labels: Uint8Array.from({ length: 100 }, (_, row) => (row < 25 ? 1 : 0)),
      },
    ]);
    expect(calibrate(calibration, 2)).toBeCloseTo(0.25, 2);
    expect((await fitIsotonic([])).scores.length).toBeGreaterThanOrEqual(2);
  });
});
