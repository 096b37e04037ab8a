import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { type Clock, systemClock } from '../../src/domain/clock.js';
import { type Log, silentLog } from '../../src/domain/log.js';
import { openMemory } from '../../src/store/memory/open.js';
import type { LiveStores } from '../../src/store/ports/liveStores.js';
import { openRedis } from '../../src/store/redis/open.js';

/** No machine is so busy that Redis is taken to be away: what happens then has tests of its own. */
export const NEVER_AWAY_MS = 60_000;

export interface LiveOptions {
  readonly clock?: Clock;
  readonly log?: Log;
}

/** One way to have live stores. `disposeAll` ends every node that was opened and leaves no key behind. */
export interface LiveAdapter {
  readonly name: 'memory' | 'redis';
  /** Why it cannot be tested here; null when it can. */
  readonly lack: string | null;
  /** Opens a node. All nodes of one adapter share what the adapter can share. */
  open(options?: LiveOptions): Promise<LiveStores>;
  disposeAll(): Promise<void>;
}

export function liveAdapters(): LiveAdapter[] {
  return [memoryAdapter(), redisAdapter(inject('redisUrl'))];
}

function memoryAdapter(): LiveAdapter {
  const opened: LiveStores[] = [];
  return {
    name: 'memory',
    lack: null,
    async open({ clock = systemClock, log = silentLog } = {}) {
      const stores = openMemory({ clock, log });
      opened.push(stores);
      return stores;
    },
    async disposeAll() {
      await Promise.all(opened.splice(0).map((stores) => stores.dispose()));
    },
  };
}

function redisAdapter(url: string | null): LiveAdapter {
  const opened: LiveStores[] = [];
  const prefix = `curio-test-${randomUUID()}:`;
  return {
    name: 'redis',
    lack: url === null ? 'no Redis found' : null,
    async open({ clock = systemClock, log = silentLog } = {}) {
      if (url === null) throw new Error('no Redis found');
      const stores = await openRedis({ url, prefix, clock, log, commandMs: NEVER_AWAY_MS });
      opened.push(stores);
      return stores;
    },
    async disposeAll() {
      await Promise.all(opened.splice(0).map((stores) => stores.dispose()));
      if (url !== null) await removeKeys(url, prefix);
    },
  };
}

/** Takes every key with that prefix away. */
export async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    if (keys.length > 0) await redis.unlink(keys);
  }
  await redis.quit();
}
