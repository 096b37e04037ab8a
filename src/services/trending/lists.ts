import type { Clock } from '../../domain/clock.js';
import type { Item } from '../../domain/entities.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import type { RuleBooks } from '../../engine/live/ruleBooks.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { admission } from '../recommendations/entityFilter.js';
import { createMemo } from './memo.js';
import type { Rising } from './rankings.js';
import type { Trending, TrendingWindow } from './types.js';

/** The surface that rules name these lists by. */
export const TRENDING_SURFACE = 'trending';

/** What trends for a filter; `hint` says that counts of a tenant have changed. */
export interface Lists {
  of(tenant: string, window: TrendingWindow, filter: ItemFilter | null): Promise<readonly Trending[]>;
  /** The list as it was made before, when nothing newer can be had; null where there is none. */
  last(tenant: string, window: TrendingWindow, filter: ItemFilter | null): readonly Trending[] | null;
  hint(tenant: string): void;
}

/** The longest list anyone may ask for. */
const LONGEST = 100;
const LOOKED_UP_AT_ONCE = 200;

/** One list of a hundred for each tenant, window and filter serves whoever asks for its beginning. */
export function createLists(parts: {
  readonly rankings: (tenant: string, window: TrendingWindow) => Promise<readonly Rising[]>;
  readonly entities: Pick<EntityStore, 'items' | 'itemStats'>;
  readonly ruleBooks: Pick<RuleBooks, 'load'>;
  readonly clock: Clock;
}): Lists {
  const { rankings, entities, ruleBooks, clock } = parts;
  const ranked = createMemo<readonly Rising[]>(clock);
  const lists = createMemo<readonly Trending[]>(clock);

  const popularEnough = async (tenant: string, items: readonly Item[], least: number) => {
    const stats = await entities.itemStats(
      tenant,
      items.map(({ id }) => id),
    );
    return items.filter((_, at) => (stats[at]?.popularity ?? 0) >= least);
  };

  const make = async (tenant: string, window: TrendingWindow, filter: ItemFilter | null): Promise<Trending[]> => {
    const [rising, rules] = await Promise.all([
      ranked.get(tenant, window, () => rankings(tenant, window)),
      ruleBooks.load(tenant),
    ]);
    const mayShow = admission(filter, rules, TRENDING_SURFACE);
    const found: Trending[] = [];
    for (let from = 0; from < rising.length && found.length < LONGEST; from += LOOKED_UP_AT_ONCE) {
      const some = rising.slice(from, from + LOOKED_UP_AT_ONCE);
      const items = await entities.items(
        tenant,
        some.map(({ itemId }) => itemId),
      );
      const known = items.filter((item) => item !== null).filter(mayShow);
      const least = filter?.minPopularity ?? 0;
      const passed = new Map(
        (least > 0 ? await popularEnough(tenant, known, least) : known).map((item) => [item.id, item]),
      );
      for (const { itemId, score, change } of some) {
        const item = passed.get(itemId);
        if (item !== undefined) found.push({ item, score, change, rank: found.length + 1 });
      }
    }
    return found.slice(0, LONGEST);
  };

  return {
    of: (tenant, window, filter) => lists.get(tenant, keyOf(window, filter), () => make(tenant, window, filter)),
    last: (tenant, window, filter) => lists.last(tenant, keyOf(window, filter)),
    hint(tenant) {
      ranked.hint(tenant);
      lists.hint(tenant);
    },
  };
}

function keyOf(window: TrendingWindow, filter: ItemFilter | null): string {
  return JSON.stringify([window, filter]);
}
