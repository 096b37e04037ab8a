import type { Item } from '../../domain/entities.js';
import { becauseOf } from '../../engine/explain/reason.js';
import type { RankedItem } from '../../engine/recommender.js';
import type { MayShow } from './entityFilter.js';
import type { ItemLookup, Recommended } from './types.js';

/** Looked up beyond what is asked for, since now and then one is hidden or gone. */
const SPARE = 2;

/**
 * The first `first` that may be shown, with their entities. One lookup, and a second for all the rest only when the
 * first left places empty.
 */
export async function present(
  ranked: readonly RankedItem[],
  first: number,
  mayShow: MayShow,
  lookup: ItemLookup,
): Promise<Recommended[]> {
  const head = first + SPARE;
  const shown = await showable(ranked.slice(0, head), mayShow, lookup);
  if (shown.length < first && ranked.length > head)
    shown.push(...(await showable(ranked.slice(head), mayShow, lookup)));
  return shown.slice(0, first).map((one, position) => ({ ...one, position }));
}

async function showable(
  ranked: readonly RankedItem[],
  mayShow: MayShow,
  lookup: ItemLookup,
): Promise<Omit<Recommended, 'position'>[]> {
  const ids = new Set(ranked.map(({ itemId }) => itemId));
  for (const { reason } of ranked) if (reason.because !== null) ids.add(reason.because.itemId);
  const items = await itemsById(ids, lookup);
  return ranked.flatMap(({ itemId, score, source, reason, explanation }) => {
    const item = items.get(itemId);
    if (item === undefined || !mayShow(item)) return [];
    return [{ item, score, source, explanation, reason: sentence(reason, items) }];
  });
}

/** One call of the lookup; those that are known. */
export async function itemsById(ids: ReadonlySet<string>, lookup: ItemLookup): Promise<Map<string, Item>> {
  const asked = [...ids];
  const found = asked.length === 0 ? [] : await lookup(asked);
  return new Map(found.flatMap((item) => (item === null ? [] : [[item.id, item]])));
}

function sentence({ text, because }: RankedItem['reason'], items: ReadonlyMap<string, Item>): string {
  const liked = because === null ? undefined : items.get(because.itemId);
  return because === null || liked === undefined || liked.hiddenAt !== null ? text : becauseOf(liked.title, because);
}
