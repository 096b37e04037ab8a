import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leading } from '../../../src/learning/evaluation/leading.js';
import { discount, idealDcg, lambdaGradients } from '../../../src/learning/trainers/trees/lambdaGradients.js';

function gradientsOf(scores: readonly number[], gains: readonly number[], truncation: number, pointwise = 0) {
  const out = new Float32Array(2 * scores.length);
  const graded = Float32Array.from(gains);
  const list = { from: 0, to: scores.length, gains: graded, ideal: idealDcg(graded, truncation) };
  lambdaGradients(list, Float64Array.from(scores), { truncation, pointwise }, out);
  return {
    gradient: scores.map((_, row) => out[2 * row] ?? Number.NaN),
    curvature: scores.map((_, row) => out[2 * row + 1] ?? Number.NaN),
  };
}

describe('lambdaGradients', () => {
  it('is right on a list worked out by hand', () => {
    // Ranks are 0, 1, 2 by ties; discounts 1, 1/log2(3) = 0.63093, 0.5; the ideal DCG is 1. Each ρ is 1/2.
    // Row 1 against row 0: Δ = 0.36907; against row 2: Δ = 0.13093.
    const { gradient, curvature } = gradientsOf([0, 0, 0], [0, 1, 0], 10);
    for (const [row, value] of [0.184535, -0.25, 0.065465].entries()) expect(gradient[row]).toBeCloseTo(value, 6);
    for (const [row, value] of [0.092268, 0.125, 0.032732].entries()) expect(curvature[row]).toBeCloseTo(value, 6);
  });

  it('weighs pairs by gain and by how far apart the scores are', () => {
    // Gains 5 and 3 in the wrong order: ideal = 5 + 3 · 0.63093 = 6.89279, Δ = 2 · 0.36907 / 6.89279 = 0.107089.
    const { gradient, curvature } = gradientsOf([2, 1], [3, 5], 10);
    const rho = 1 / (1 + Math.exp(-1));
    expect(gradient[1]).toBeCloseTo(-rho * 0.107089, 6);
    expect(gradient[0]).toBeCloseTo(rho * 0.107089, 6);
    expect(curvature[0]).toBeCloseTo(rho * (1 - rho) * 0.107089, 6);
  });

  it('sees nothing behind the truncation but what could come before it', () => {
    const { gradient } = gradientsOf([4, 3, 2, 1], [0, 0, 1, 0], 1);
    expect(gradient[1]).toBe(0);
    expect(gradient[3]).toBe(0);
    expect(gradient[2]).toBeCloseTo(-1 / (1 + Math.exp(-2)), 6);
  });

  it('adds the gradients of the log loss by their weight', () => {
    const alone = gradientsOf([2, -1], [0, 1], 10);
    const { gradient, curvature } = gradientsOf([2, -1], [0, 1], 10, 0.5);
    const [p, q] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1))];
    expect(gradient[0]).toBeCloseTo((alone.gradient[0] ?? 0) + 0.5 * p, 6);
    expect(gradient[1]).toBeCloseTo((alone.gradient[1] ?? 0) + 0.5 * (q - 1), 6);
    expect(curvature[0]).toBeCloseTo((alone.curvature[0] ?? 0) + 0.5 * p * (1 - p), 6);
    expect(curvature[1]).toBeCloseTo((alone.curvature[1] ?? 0) + 0.5 * q * (1 - q), 6);
  });

  it('forces add up to nothing, pull up what is worth most, and are those of the plain double loop', () => {
    const rows = fc.array(
      fc.record({
        score: fc.double({ min: -5, max: 5, noNaN: true }),
        gain: fc.constantFrom<number>(0, 0, 0, 1, 2, 5),
      }),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), (list, truncation) => {
        const scores = list.map(({ score }) => score);
        const gains = list.map(({ gain }) => gain);
        const { gradient, curvature } = gradientsOf(scores, gains, truncation);
        expect(gradient.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5);
        const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
        const discounts = scores.map((_, row) => {
          const rank = order.indexOf(row);
          return rank < truncation ? discount(rank) : 0;
        });
        const ideal = [...gains]
          .sort((a, b) => b - a)
          .slice(0, truncation)
          .reduce((sum, gain, rank) => sum + gain * discount(rank), 0);
        for (const i of scores.keys()) {
          let expected = 0;
          let bend = 0;
          for (const j of scores.keys()) {
            const more = (gains[i] ?? 0) - (gains[j] ?? 0);
            if (more === 0) continue;
            const delta = (Math.abs(more) * Math.abs((discounts[i] ?? 0) - (discounts[j] ?? 0))) / ideal;
            const rho = 1 / (1 + Math.exp(Math.sign(more) * ((scores[i] ?? 0) - (scores[j] ?? 0))));
            expected -= Math.sign(more) * rho * delta;
            bend += rho * (1 - rho) * delta;
          }
          expect(gradient[i]).toBeCloseTo(expected, 5);
          expect(curvature[i]).toBeCloseTo(bend, 5);
        }
      }),
    );
  });
});

describe('leading', () => {
  it('is the head of a full sort, ties by row', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 15 }), (scores, count) => {
        const sorted = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
        expect(leading(scores, 0, scores.length, count)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});
