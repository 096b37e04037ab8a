import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leading } from '../../../src/learning/evaluation/leading.js';
import {
  discount,
  type GradedList,
  idealDcg,
  lambdaGradients,
  ndcgOf,
  rankRows,
} from '../../../src/learning/trainers/trees/lambdaGradients.js';

interface Row {
  readonly score: number;
  readonly gain: number;
  readonly count?: number;
}

function graded(rows: readonly Row[]): { list: GradedList; scores: Float64Array } {
  const gains = Float32Array.from(rows, ({ gain }) => gain);
  const list = {
    from: 0,
    to: rows.length,
    gains,
    labels: Uint8Array.from(rows, ({ gain }) => (gain > 1.5 ? 1 : 0)),
    counts: Float32Array.from(rows, ({ count }) => count ?? 1),
    ideal: idealDcg(gains),
    order: Int32Array.from(rows.keys()),
    discounts: new Float64Array(rows.length),
  };
  const scores = Float64Array.from(rows, ({ score }) => score);
  rankRows(list, scores);
  return { list, scores };
}

function gradientsOf(rows: readonly Row[], pointwise = 0) {
  const { list, scores } = graded(rows);
  const out = new Float32Array(2 * rows.length);
  lambdaGradients(list, scores, pointwise, out);
  return {
    gradient: rows.map((_, row) => out[2 * row] ?? Number.NaN),
    curvature: rows.map((_, row) => out[2 * row + 1] ?? Number.NaN),
  };
}

describe('lambdaGradients', () => {
  it('is right on a list worked out by hand', () => {
    // Ranks are 0, 1, 2 by ties; discounts 1, 1/log2(3) = 0.63093, 0.5; the ideal DCG is 1. Each ρ is 1/2.
    // Row 1 against row 0: Δ = 0.36907; against row 2: Δ = 0.13093.
    const { gradient, curvature } = gradientsOf([0, 1, 0].map((gain) => ({ score: 0, gain })));
    for (const [row, value] of [0.184535, -0.25, 0.065465].entries()) expect(gradient[row]).toBeCloseTo(value, 6);
    for (const [row, value] of [0.092268, 0.125, 0.032732].entries()) expect(curvature[row]).toBeCloseTo(value, 6);
  });

  it('weighs pairs by gain and by how far apart the scores are', () => {
    // Gains 5 and 3 in the wrong order: ideal = 5 + 3 · 0.63093 = 6.89279, Δ = 2 · 0.36907 / 6.89279 = 0.107089.
    const { gradient, curvature } = gradientsOf([
      { score: 2, gain: 3 },
      { score: 1, gain: 5 },
    ]);
    const rho = 1 / (1 + Math.exp(-1));
    expect(gradient[1]).toBeCloseTo(-rho * 0.107089, 6);
    expect(gradient[0]).toBeCloseTo(rho * 0.107089, 6);
    expect(curvature[0]).toBeCloseTo(rho * (1 - rho) * 0.107089, 6);
  });

  it('counts a row as often as it stands for others, in the middle of their ranks', () => {
    // The last row is at ranks 1 to 5: discount 1/log2(5) = 0.43068, Δ = 5 · (1 − 0.43068) = 2.84662, ρ = 1/2.
    const { gradient } = gradientsOf([
      { score: 0, gain: 1 },
      { score: 0, gain: 0, count: 5 },
    ]);
    expect(gradient[0]).toBeCloseTo(-1.42331, 5);
    expect(gradient[1]).toBeCloseTo(1.42331, 5);
  });

  it('puts what did harm below what was liked, and says nothing of it against what nobody met', () => {
    const { gradient } = gradientsOf([
      { score: 3, gain: -1 },
      { score: 2, gain: 0 },
      { score: 1, gain: 2 },
    ]);
    const alone = gradientsOf([
      { score: 3, gain: -1 },
      { score: 2, gain: 0 },
    ]);
    expect(gradient[0]).toBeGreaterThan(gradient[1] ?? 1);
    expect(alone.gradient).toEqual([0, 0]);
  });

  it('adds the gradients of the log loss by their weight', () => {
    const rows = [
      { score: 2, gain: 0, count: 3 },
      { score: -1, gain: 2 },
    ];
    const alone = gradientsOf(rows);
    const { gradient, curvature } = gradientsOf(rows, 0.5);
    const [p, q] = [1 / (1 + Math.exp(-2)), 1 / (1 + Math.exp(1))];
    expect(gradient[0]).toBeCloseTo((alone.gradient[0] ?? 0) + 1.5 * p, 6);
    expect(gradient[1]).toBeCloseTo((alone.gradient[1] ?? 0) + 0.5 * (q - 1), 6);
    expect(curvature[0]).toBeCloseTo((alone.curvature[0] ?? 0) + 1.5 * p * (1 - p), 6);
    expect(curvature[1]).toBeCloseTo((alone.curvature[1] ?? 0) + 0.5 * q * (1 - q), 6);
  });

  it('forces add up to nothing and are those of the plain double loop', () => {
    const row = fc.record({
      score: fc.double({ min: -5, max: 5, noNaN: true }),
      gain: fc.constantFrom<number>(0, 0, 0, 1, 2, 5, -1, -3),
      count: fc.constantFrom(1, 1, 7.5),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (given) => {
        const rows = given.map((one) => (one.gain === 0 ? one : { ...one, count: 1 }));
        const { gradient, curvature } = gradientsOf(rows);
        expect(gradient.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 3);
        const order = [...rows.keys()].sort((a, b) => (rows[b]?.score ?? 0) - (rows[a]?.score ?? 0) || a - b);
        const discounts: number[] = [];
        let above = 0;
        for (const place of order) {
          const count = rows[place]?.count ?? 1;
          discounts[place] = discount(above + (count - 1) / 2);
          above += count;
        }
        const ideal = [...rows]
          .sort((a, b) => b.gain - a.gain)
          .reduce((sum, { gain }, rank) => sum + Math.max(0, gain) * discount(rank), 0);
        for (const [i, a] of rows.entries()) {
          let expected = 0;
          let bend = 0;
          for (const [j, b] of rows.entries()) {
            if (a.gain === b.gain || Math.max(a.gain, b.gain) <= 0) continue;
            const apart = Math.abs((discounts[i] ?? 0) - (discounts[j] ?? 0));
            const delta = (a.count * b.count * Math.abs(a.gain - b.gain) * apart) / ideal;
            const sign = Math.sign(a.gain - b.gain);
            const rho = 1 / (1 + Math.exp(sign * (a.score - b.score)));
            expected -= sign * rho * delta;
            bend += rho * (1 - rho) * delta;
          }
          expect(gradient[i]).toBeCloseTo(expected, 3);
          expect(curvature[i]).toBeCloseTo(bend, 3);
        }
      }),
    );
  });
});

describe('rankRows', () => {
  it('puts rows in order from wherever they stood, ties by row', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, (first, second) => {
        const { list } = graded(first.map((score) => ({ score, gain: 0 })));
        const then = Float64Array.from(first, (score, row) => second[row] ?? score);
        rankRows(list, then);
        const expected = [...then.keys()].sort((a, b) => (then[b] ?? 0) - (then[a] ?? 0) || a - b);
        expect(Array.from(list.order)).toEqual(expected);
        for (const [rank, row] of expected.entries()) expect(list.discounts[row]).toBe(discount(rank));
      }),
    );
  });
});

describe('ndcgOf', () => {
  it('is right on a list worked out by hand', () => {
    // DCG = 0 + 3 · 0.63093 + 1 · 0.5 = 2.39279 of 3 + 0.63093 = 3.63093; what did harm counts as nothing.
    const { list } = graded([
      { score: 9, gain: -2 },
      { score: 8, gain: 3 },
      { score: 7, gain: 1 },
    ]);
    expect(ndcgOf(list)).toBeCloseTo(2.39279 / 3.63093, 5);
  });
});

describe('idealDcg', () => {
  it('is 0 where there is no order to learn', () => {
    for (const gains of [[], [0, 0], [2, 2], [-1, 0]]) expect(idealDcg(gains)).toBe(0);
    expect(idealDcg([0, 2, -1])).toBe(2);
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
