import type { Clock } from '../../domain/clock.js';
import type { Counters } from '../../store/ports/counters.js';
import { type Burst, burst, type Tallies } from './burst.js';
import { itemBoard, type TrendingWindow, totalBoard } from './windows.js';

export interface Rising extends Burst {
  readonly itemId: string;
}

/** What is counted of the items that most people take to lately, and of all together. */
export interface Counts {
  readonly items: readonly ({ readonly itemId: string } & Tallies)[];
  readonly all: Tallies;
}

/** Items looked at: those with the most people lately. */
const CANDIDATES = 2_000;

/** @throws StoreAway */
export async function readCounts(
  { counters, clock }: { readonly counters: Counters; readonly clock: Clock },
  tenant: string,
  window: TrendingWindow,
): Promise<Counts> {
  const now = clock();
  const [top, [recent = 0], [usual = 0]] = await Promise.all([
    counters.top(itemBoard(tenant, window, 'recent'), CANDIDATES, now),
    counters.get(totalBoard(window, 'recent'), [tenant], now),
    counters.get(totalBoard(window, 'usual'), [tenant], now),
  ]);
  const ids = top.map(({ member }) => member);
  const usuals = await counters.get(itemBoard(tenant, window, 'usual'), ids, now);
  const items = top.map(({ member, count }, at) => ({ itemId: member, recent: count, usual: usuals[at] ?? 0 }));
  return { items, all: { recent, usual } };
}

/** What rises, the highest score first, then by id. */
export function rank({ items, all }: Counts): Rising[] {
  return items
    .flatMap(({ itemId, ...tallies }) => {
      const found = burst(tallies, all);
      return found === null ? [] : [{ itemId, ...found }];
    })
    .sort((a, b) => b.score - a.score || (a.itemId < b.itemId ? -1 : 1));
}
