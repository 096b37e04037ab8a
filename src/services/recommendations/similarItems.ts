import type { ItemFilter } from '../../domain/itemFilter.js';
import type { ActiveRules } from '../../engine/live/ruleBooks.js';
import { SIMILAR_SURFACE, type Similar } from '../../engine/similar.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { admission } from './entityFilter.js';
import { itemsById } from './present.js';
import type { ItemLookup, SimilarItem } from './types.js';

/** Looked up beyond what is asked for, since now and then one is hidden or gone. */
const SPARE = 5;

/** For each id, in order, up to `first` close items: one lookup for all. */
export async function similarItems(
  parts: { readonly snapshot: Snapshot | null; readonly similar: Similar; readonly rules: ActiveRules },
  wanted: { readonly itemIds: readonly string[]; readonly first: number; readonly filter: ItemFilter | null },
  lookup: ItemLookup,
): Promise<SimilarItem[][]> {
  const { itemIds, first, filter } = wanted;
  const { snapshot, similar, rules } = parts;
  if (snapshot === null) return itemIds.map(() => []);
  const lists = await Promise.all(itemIds.map((id) => similar.closest(snapshot, id, first + SPARE, filter, rules)));
  const items = await itemsById(new Set(lists.flat().map(({ itemId }) => itemId)), lookup);
  const mayShow = admission(filter, rules, SIMILAR_SURFACE);
  return lists.map((list) =>
    list
      .flatMap(({ itemId, score, reason }) => {
        const item = items.get(itemId);
        return item === undefined || !mayShow(item) ? [] : [{ item, score, reason }];
      })
      .slice(0, first),
  );
}
