import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cache } from '../../src/store/ports/cache.js';
import { liveAdapters } from '../helpers/liveAdapters.js';
import { patience } from '../helpers/patience.js';

const LONG = 60_000;

describe.each(liveAdapters())('cache: $name', ({ lack, open, disposeAll }) => {
  let cache: Cache;
  beforeAll(async () => {
    if (lack === null) cache = (await open()).cache;
  });
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(disposeAll);

  it('answers null for what was never set', async () => {
    expect(await cache.get('nobody')).toBeNull();
  });

  it.each(['', 'text', 'naïve 😀 \u0000', 'x'.repeat(100_000)])('keeps a value as it is (%#)', async (value) => {
    await cache.set('value', value, LONG);
    expect(await cache.get('value')).toBe(value);
  });

  it('replaces a value', async () => {
    await cache.set('replaced', 'old', LONG);
    await cache.set('replaced', 'new', LONG);
    expect(await cache.get('replaced')).toBe('new');
  });

  it('forgets a value after its time to live', async () => {
    await cache.set('brief', 'value', 5);
    await vi.waitFor(async () => expect(await cache.get('brief')).toBeNull(), patience);
  });

  it('a new value has a new time to live', async () => {
    await cache.set('renewed', 'old', 5);
    await cache.set('renewed', 'new', LONG);
    await cache.set('witness', 'value', 5);
    await vi.waitFor(async () => expect(await cache.get('witness')).toBeNull(), patience);
    expect(await cache.get('renewed')).toBe('new');
  });

  it('setIfAbsent answers the value that stands', async () => {
    expect(await cache.setIfAbsent('once', 'first', LONG)).toBe('first');
    expect(await cache.setIfAbsent('once', 'second', LONG)).toBe('first');
    expect(await cache.get('once')).toBe('first');
  });

  it('of concurrent setIfAbsent calls one wins, and all hear of it', async () => {
    const values = Array.from({ length: 20 }, (_, i) => `value ${i}`);
    const answers = await Promise.all(values.map((value) => cache.setIfAbsent('race', value, LONG)));
    expect(new Set(answers).size).toBe(1);
    expect(values).toContain(answers[0]);
  });

  it('setIfAbsent sets again what has expired', async () => {
    await cache.setIfAbsent('lapsed', 'first', 5);
    await vi.waitFor(async () => expect(await cache.setIfAbsent('lapsed', 'second', LONG)).toBe('second'), patience);
  });

  it('deletes all that begin alike, and nothing else, whatever the beginning holds', async () => {
    const keys = Array.from({ length: 2_500 }, (_, n) => `some*[a]?:${n}`);
    await Promise.all([...keys, 'some', 'somewhere[a]?:1', 'some*a?:1'].map((key) => cache.set(key, 'x', LONG)));
    await cache.deleteAll('some*[a]?:');
    expect((await Promise.all(keys.map((key) => cache.get(key)))).filter((value) => value !== null)).toEqual([]);
    for (const key of ['some', 'somewhere[a]?:1', 'some*a?:1']) expect(await cache.get(key)).toBe('x');
    await cache.deleteAll('nothing begins so');
  });

  it('deletes, also what is not there', async () => {
    await cache.set('deleted', 'value', LONG);
    await cache.delete('deleted');
    await cache.delete('deleted');
    expect(await cache.get('deleted')).toBeNull();
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a time to live of %s', async (ttlMs) => {
    await expect(cache.set('key', 'value', ttlMs)).rejects.toThrow(`ttlMs must be at least 1, got ${ttlMs}`);
    await expect(cache.setIfAbsent('key', 'value', ttlMs)).rejects.toThrow(RangeError);
  });
});
