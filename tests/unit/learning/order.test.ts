import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/domain/random.js';
import { risingOrder } from '../../../src/learning/evaluation/order.js';

describe('risingOrder', () => {
  it.each([0, 1, 2, 4096, 4097, 20_000])('puts %i values in order, equal ones by place', async (count) => {
    const random = seededRandom(count);
    const values = Float64Array.from({ length: count }, () => Math.floor(random() * 500));
    const expected = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
    expect(Array.from(await risingOrder(values))).toEqual(expected);
  });
});
