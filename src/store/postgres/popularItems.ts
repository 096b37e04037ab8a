import type { Pool } from 'pg';
import { asNumber, asText, select } from './rows.js';

interface Popular {
  readonly id: string;
  readonly popularity: number;
}

/**
 * Items by falling popularity, then id, without hidden ones; those nobody acted on come last. Reads every count of the
 * tenant (no index holds their order, see `schema.prisma`), and is asked most when everything else fails, so callers
 * who ask while a reading is under way share it.
 */
export function createPopularItems(pool: Pool): (tenant: string, limit: number) => Promise<Popular[]> {
  const underWay = new Map<string, Promise<Popular[]>>();
  return (tenant, limit) => {
    const key = `${limit} ${tenant}`;
    let reading = underWay.get(key);
    if (reading === undefined) {
      reading = read(pool, tenant, limit).finally(() => underWay.delete(key));
      underWay.set(key, reading);
    }
    return reading;
  };
}

async function read(pool: Pool, tenant: string, limit: number): Promise<Popular[]> {
  const acted = await select(pool, {
    text: `SELECT s.item_id, s.popularity FROM item_stats s JOIN items i ON i.tenant = s.tenant AND i.id = s.item_id
           WHERE s.tenant = $1 AND s.popularity > 0 AND i.hidden_at IS NULL
           ORDER BY s.popularity DESC, s.item_id LIMIT $2`,
    values: [tenant, limit],
  });
  if (acted.length === limit) return acted.map(toPopular);
  const untouched = await select(pool, {
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
