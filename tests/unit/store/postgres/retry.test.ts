import { describe, expect, it } from 'vitest';
import { retrying } from '../../../../src/store/postgres/retry.js';

const failure = (code?: string) => Object.assign(new Error('no'), code === undefined ? {} : { code });

function failing(times: number, error: Error) {
  let runs = 0;
  return {
    runs: () => runs,
    work: async () => {
      runs += 1;
      if (runs <= times) throw error;
      return 'done';
    },
  };
}

describe('retrying', () => {
  it.each(['40001', '40P01'])('tries again after %s', async (code) => {
    const { work, runs } = failing(2, failure(code));
    expect(await retrying(work)).toBe('done');
    expect(runs()).toBe(3);
  });

  it('gives up in the end', async () => {
    const { work, runs } = failing(Number.POSITIVE_INFINITY, failure('40001'));
    await expect(retrying(work)).rejects.toThrow('no');
    expect(runs()).toBe(5);
  });

  it.each(['22021', '57P01', 'ECONNRESET', undefined])('does not try again after %s', async (code) => {
    const { work, runs } = failing(1, failure(code));
    await expect(retrying(work)).rejects.toThrow('no');
    expect(runs()).toBe(1);
  });
});
