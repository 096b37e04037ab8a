import { LRUCache } from 'lru-cache';
import { type Clock, MINUTE_MS } from '../../domain/clock.js';
import { within } from '../../domain/within.js';
import type { EntityStore } from '../../store/ports/entityStore.js';

type Read = EntityStore['popularItems'];

const KEPT_TENANTS = 1_000;
/** While there is much to do, a list this old is good enough. */
const GOOD_FOR_MS = 10_000;
/** While the store cannot be read in time, one this old is better than none. */
const USABLE_FOR_MS = 60 * MINUTE_MS;

/** While all is well they are read again so often, for a time when it is not. */
const READ_AGAIN_MS = MINUTE_MS;
/** Of the list, as many are kept with all that is shown of them. */
const KEPT_WHOLE = 100;

export interface PopularItems {
  readonly popularItems: Read;
  /** Sees to it, behind the answers, that something is remembered should the store be away later. */
  remember(tenant: string, limit: number): void;
}

/** Popular items as the store counts them, or as it counted them lately where it is away, slower than `patienceMs`, or there is too much to do to ask. */
export function rememberPopular(
  { popularItems: read, items: look }: Pick<EntityStore, 'popularItems' | 'items'>,
  isBusy: () => boolean,
  clock: Clock,
  patienceMs: number,
): PopularItems {
  const kept = new LRUCache<string, { readonly items: Awaited<ReturnType<Read>>; readonly at: number }>({
    max: KEPT_TENANTS,
  });
  const tried = new LRUCache<string, number>({ max: KEPT_TENANTS });

  const popularItems: Read = async (tenant, limit) => {
    const key = `${limit} ${tenant}`;
    const known = kept.get(key);
    const age = known === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock() - known.at);
    if (known !== undefined && age < GOOD_FOR_MS && isBusy()) return known.items;
    const usable = known !== undefined && age < USABLE_FOR_MS;
    try {
      const items = read(tenant, limit).then((found) => {
        kept.set(key, { items: found, at: clock() });
        return found;
      });
      return await (usable ? within(patienceMs, items) : items);
    } catch (error) {
      if (usable) return known.items;
      throw error;
    }
  };

  const rememberNow = async (tenant: string, limit: number) => {
    const items = await popularItems(tenant, limit);
    const ids = items.slice(0, KEPT_WHOLE).map(({ id }) => id);
    // Read through the store's own memory, and so kept there.
    if (ids.length > 0) await look(tenant, ids);
  };
  return {
    popularItems,
    remember(tenant, limit) {
      const before = tried.get(tenant);
      if (isBusy() || (before !== undefined && Math.abs(clock() - before) < READ_AGAIN_MS)) return;
      tried.set(tenant, clock());
      // A store that is away by now is no news: the answer was there already.
      rememberNow(tenant, limit).catch(() => undefined);
    },
  };
}
