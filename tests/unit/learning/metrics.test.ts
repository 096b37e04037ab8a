import { describe, expect, it } from 'vitest';
import { hitAt, ndcgAt, recallAt, reciprocalRank } from '../../../src/learning/evaluation/metrics.js';
import { areaUnderCurve, calibrationError, logLoss } from '../../../src/learning/evaluation/probabilities.js';

// Worked by hand: right are 3 and 9; the list hits 3 at place 2.
const ranked = [7, 3, 5, 1];
const right = new Set([3, 9]);

describe('metrics of a list', () => {
  it('recall is the share of what was right', () => {
    expect(recallAt(4, ranked, right)).toBe(0.5);
    expect(recallAt(1, ranked, right)).toBe(0);
    expect(recallAt(4, ranked, new Set())).toBe(0);
  });

  it('NDCG discounts by the logarithm of the place, against an ideal cut at k', () => {
    const ideal = 1 + 1 / Math.log2(3);
    expect(ndcgAt(4, ranked, right)).toBeCloseTo(1 / Math.log2(3) / ideal, 12);
    expect(ndcgAt(1, ranked, right)).toBe(0);
    expect(ndcgAt(2, [3, 9], right)).toBe(1);
    expect(ndcgAt(1, [3], right)).toBe(1);
    expect(ndcgAt(10, [9, 1, 3], right)).toBeCloseTo((1 + 1 / Math.log2(4)) / ideal, 12);
    expect(ndcgAt(10, [9], new Set())).toBe(0);
  });

  it('a hit is one right item among the first k', () => {
    expect(hitAt(2, ranked, right)).toBe(1);
    expect(hitAt(1, ranked, right)).toBe(0);
  });

  it('the reciprocal rank is that of the first right item', () => {
    expect(reciprocalRank(ranked, right)).toBe(0.5);
    expect(reciprocalRank(ranked, new Set([1]))).toBe(0.25);
    expect(reciprocalRank(ranked, new Set([100]))).toBe(0);
  });
});

describe('metrics of probabilities', () => {
  it('log loss is the mean surprise', () => {
    expect(logLoss([0.8, 0.4], [1, 0])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(logLoss([1, 0], [0, 1])).toBeLessThan(20);
  });

  it('AUC counts the pairs in the right order, ties by half', () => {
    expect(areaUnderCurve([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0])).toBe(0.75);
    expect(areaUnderCurve([0.5, 0.5, 0.5], [1, 0, 0])).toBe(0.5);
    expect(areaUnderCurve([0.9, 0.5, 0.5], [0, 1, 0])).toBe(0.25);
    expect(areaUnderCurve([0.9, 0.5], [1, 1])).toBe(0.5);
  });

  it('calibration error is the distance of promise and outcome, bin by bin', () => {
    expect(calibrationError([0.25, 0.25, 0.25, 0.25], [0, 0, 0, 1], 1)).toBe(0);
    expect(calibrationError([0.1, 0.1, 0.9, 0.9], [0, 0, 1, 1], 2)).toBeCloseTo(0.1, 12);
    expect(calibrationError([0.5, 0.5], [1, 1], 1)).toBe(0.5);
    expect(calibrationError([], [])).toBe(0);
  });
});
