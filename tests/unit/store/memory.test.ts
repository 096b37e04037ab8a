import { describe, expect, it } from 'vitest';
import { openMemory } from '../../../src/store/memory/open.js';

describe('openMemory', () => {
  it('goes by the clock it is given', async () => {
    let now = 1_000;
    const { cache, rateLimiter } = openMemory({ clock: () => now });
    const bucket = { capacity: 1, refill: 1, intervalMs: 100 };
    await cache.set('key', 'value', 50);
    await rateLimiter.take('test', 'a', bucket);
    now += 49;
    expect(await cache.get('key')).toBe('value');
    expect(await rateLimiter.take('test', 'a', bucket)).toMatchObject({ allowed: false, retryAfterMs: 51 });
    now += 51;
    expect(await cache.get('key')).toBeNull();
    expect(await rateLimiter.take('test', 'a', bucket)).toMatchObject({ allowed: true });
  });

  it('gives up the least recently used values when it is full', async () => {
    const { cache } = openMemory({ clock: () => 1 });
    const large = 'x'.repeat(1_000_000);
    for (let i = 0; i < 40; i++) {
      await cache.set(`key ${i}`, large, 60_000);
      await cache.get('key 0');
    }
    expect(await cache.get('key 0')).toBe(large);
    expect(await cache.get('key 39')).toBe(large);
    expect(await cache.get('key 1')).toBeNull();
  });

  it('does not keep a value larger than the whole cache, nor fail on it', async () => {
    const { cache } = openMemory({ clock: () => 1 });
    const huge = 'x'.repeat(40_000_000);
    await cache.set('kept', 'value', 60_000);
    await cache.set('huge', huge, 60_000);
    expect(await cache.get('huge')).toBeNull();
    expect(await cache.setIfAbsent('huge', huge, 60_000)).toBe(huge);
    expect(await cache.get('kept')).toBe('value');
  });

  it('answers a ping and forgets everything when disposed of', async () => {
    const stores = openMemory({ clock: () => 1 });
    await stores.ping();
    await stores.cache.set('key', 'value', 60_000);
    await stores.dispose();
    expect(await stores.cache.get('key')).toBeNull();
  });
});
