import type { Pool } from 'pg';
import type { EntityStore } from '../ports/entityStore.js';
import { selectUntil } from './cancellable.js';
import { asNumber, asText } from './rows.js';

interface Popular {
  readonly id: string;
  readonly popularity: number;
}

/** One reading for all who ask while it is under way. */
interface Reading {
  readonly answer: Promise<Popular[]>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Items by falling popularity, then id, without hidden ones; those nobody acted on come last. Reads every count of the
 * tenant (no index holds their order, see `schema.prisma`), and is asked most when everything else fails, so callers
 * who ask while a reading is under way share it. It stops when none of them waits any longer.
 */
export function createPopularItems(pool: Pool): EntityStore['popularItems'] {
  const underWay = new Map<string, Reading>();

  const begin = (key: string, tenant: string, limit: number): Reading => {
    const stop = new AbortController();
    const answer = read(pool, stop.signal, tenant, limit).finally(() => {
      if (underWay.get(key)?.stop === stop) underWay.delete(key);
    });
    const reading = { answer, stop, waiting: 0 };
    underWay.set(key, reading);
    return reading;
  };
  return (tenant, limit, signal) => {
    const key = `${limit} ${tenant}`;
    const reading = underWay.get(key) ?? begin(key, tenant, limit);
    reading.waiting += 1;
    const leave = () => {
      reading.waiting -= 1;
      if (reading.waiting > 0) return;
      // Who asks now begins anew.
      if (underWay.get(key) === reading) underWay.delete(key);
      reading.stop.abort(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    return reading.answer;
  };
}

async function read(pool: Pool, signal: AbortSignal, tenant: string, limit: number): Promise<Popular[]> {
  const acted = await selectUntil(pool, signal, {
    text: `SELECT s.item_id, s.popularity FROM item_stats s JOIN items i ON i.tenant = s.tenant AND i.id = s.item_id
           WHERE s.tenant = $1 AND s.popularity > 0 AND i.hidden_at IS NULL
           ORDER BY s.popularity DESC, s.item_id LIMIT $2`,
    values: [tenant, limit],
  });
  if (acted.length === limit) return acted.map(toPopular);
  const untouched = await selectUntil(pool, signal, {
    text: `SELECT i.id, 0 FROM items i WHERE i.tenant = $1 AND i.hidden_at IS NULL AND NOT EXISTS
             (SELECT 1 FROM item_stats s WHERE s.tenant = i.tenant AND s.item_id = i.id AND s.popularity > 0)
           ORDER BY i.id LIMIT $2`,
    values: [tenant, limit - acted.length],
  });
  return [...acted, ...untouched].map(toPopular);
}

function toPopular([id, popularity]: unknown[]): Popular {
  return { id: asText(id), popularity: asNumber(popularity) };
}
