import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import { chanceAboveZero } from '../../../src/learning/evaluation/bootstrap.js';

const of = (...values: readonly number[]) => values.map((value, group) => ({ group, value }));

describe('chanceAboveZero', () => {
  it('is sure where all agree, and knows nothing of nothing', () => {
    expect(chanceAboveZero(of(1, 2, 3), 200, seededRandom(1))).toBe(1);
    expect(chanceAboveZero(of(-1, -2, 0), 200, seededRandom(1))).toBe(0);
    expect(chanceAboveZero([], 200, seededRandom(1))).toBe(0);
  });

  it('is about the normal tail of mean over standard error', () => {
    // Mean 0.1, standard deviation about 1, 100 of them: one standard error above zero, 84 %.
    const values = Array.from({ length: 100 }, (_, at) => (at < 55 ? 1 : -1));
    expect(chanceAboveZero(of(...values), 4000, seededRandom(1))).toBeCloseTo(0.84, 1);
  });

  it('takes what belongs together as one', () => {
    const values = Array.from({ length: 100 }, (_, at) => ({ group: at < 55 ? 0 : 1, value: at < 55 ? 1 : -1 }));
    expect(chanceAboveZero(values, 4000, seededRandom(1))).toBeCloseTo(0.75, 1);
  });
});
