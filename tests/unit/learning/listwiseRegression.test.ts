import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { fitListwise } from '../../../src/learning/trainers/listwiseRegression.js';
import { fitLogistic } from '../../../src/learning/trainers/logisticRegression.js';
import type { LabelledRows } from '../../../src/learning/trainers/standardise.js';

const ROWS = 20;
const WEAK = { ridge: 0.01, prior: 0.1 };

/** Lists of rows of two features, one row of each taken to by e^(weights · row). `shift` is added to the first feature of a list. */
function planted(
  lists: number,
  weights: readonly [number, number],
  seed: number,
  shift: (list: number) => number = () => 0,
): LabelledRows[] {
  const random = seededRandom(seed);
  return Array.from({ length: lists }, (_, list) => {
    const matrix = new Float32Array(2 * ROWS);
    const chances = Float64Array.from({ length: ROWS }, (_, row) => {
      const own = [normal(random), 3 * normal(random)] as const;
      matrix.set([own[0] + shift(list), own[1]], 2 * row);
      return Math.exp(weights[0] * own[0] + weights[1] * own[1]);
    });
    let left = random() * chances.reduce((sum, chance) => sum + chance, 0);
    const taken = chances.findIndex((chance) => {
      left -= chance;
      return left < 0;
    });
    return { matrix, labels: Uint8Array.from({ length: ROWS }, (_, row) => (row === taken ? 1 : 0)) };
  });
}

const close = (weights: Float64Array, expected: readonly number[]) => {
  for (const [k, weight] of expected.entries()) expect(Math.abs((weights[k] ?? 0) - weight)).toBeLessThan(0.08);
};

describe('fitListwise', () => {
  it('recovers the weights that rows were drawn by', async () => {
    close(await fitListwise(planted(4_000, [1.2, 0.3], 1), 2, WEAK), [1.2, 0.3]);
  });

  it('is not misled by what tells lists apart, as a regression of rows is', async () => {
    // Half of the lists have far larger values of the first feature, and no more positives.
    const lists = planted(4_000, [1.2, 0.3], 2, (list) => (list % 2) * 10);
    close(await fitListwise(lists, 2, WEAK), [1.2, 0.3]);
    expect((await fitLogistic(lists, 2, WEAK)).weights[0]).toBeLessThan(0.2);
  });

  it('reads rows that stand for others as those others', async () => {
    const lists = planted(4_000, [1.2, 0.3], 3);
    const random = seededRandom(4);
    const thinned = lists.map(({ matrix, labels }) => {
      const kept = [...labels.keys()].filter((row) => labels[row] === 1 || random() < 0.5);
      const others = kept.filter((row) => labels[row] === 0).length;
      return {
        matrix: Float32Array.from(kept.flatMap((row) => [...matrix.subarray(2 * row, 2 * row + 2)])),
        labels: Uint8Array.from(kept, (row) => labels[row] ?? 0),
        counts: Float32Array.from(kept, (row) => (labels[row] === 1 ? 1 : (ROWS - 1) / Math.max(1, others))),
      };
    });
    const weights = await fitListwise(thinned, 2, WEAK);
    expect(weights[0]).toBeGreaterThan(1);
    expect(weights[0]).toBeLessThan(1.4);
  });

  it('gives no negative weight, nothing to what never varies, and ends in one place wherever it starts', async () => {
    const lists = planted(1_000, [1, -0.5], 5);
    const straight = await fitListwise(lists, 2, WEAK);
    expect(straight[1]).toBe(0);
    expect(straight[0]).toBeGreaterThan(0.7);
    const again = await fitListwise(lists, 2, WEAK, Float64Array.of(-2, 3));
    expect(again[0]).toBeCloseTo(straight[0] ?? 0, 4);
    const flat = lists.map(({ labels }) => ({ matrix: new Float32Array(2 * ROWS).fill(7), labels }));
    expect([...(await fitListwise(flat, 2, WEAK))]).toEqual([0, 0]);
  });

  it('stays at its prior where nothing was taken to', async () => {
    const lists = planted(50, [1, 1], 6).map(({ matrix }) => ({ matrix, labels: new Uint8Array(ROWS) }));
    const weights = await fitListwise(lists, 2, { ridge: 1, prior: 0.1 });
    expect(weights[0]).toBeGreaterThan(0);
    expect(await fitListwise([], 2, WEAK)).toHaveLength(2);
  });
});
