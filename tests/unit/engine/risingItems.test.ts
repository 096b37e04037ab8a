import { expect, it } from 'vitest';
import { createRisingItems } from '../../../src/engine/live/risingItems.js';

it('reads a board twice a second at most, behind the answer while that is less than a second old', async () => {
  let reads = 0;
  const failing = { now: false };
  const risingItems = createRisingItems(
    {
      top: async () => {
        if (failing.now) throw new Error('away');
        reads++;
        return [{ member: `after ${reads}`, count: 1 }];
      },
    },
    10,
  );
  const at = async (now: number) => (await risingItems('t', now))[0]?.member;
  // Two that come at once share a read.
  expect(await Promise.all([at(0), at(0)])).toEqual(['after 1', 'after 1']);
  expect(await at(499)).toBe('after 1');
  expect(await at(500)).toBe('after 1');
  expect(await at(501)).toBe('after 2');
  failing.now = true;
  expect(await at(1_400)).toBe('after 2');
  await expect(at(1_500)).rejects.toThrow('away');
  failing.now = false;
  expect(await at(1_500)).toBe('after 3');
  expect(reads).toBe(3);
});
