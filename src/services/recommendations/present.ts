import type { Item } from '../../domain/entities.js';
import type { Explanation } from '../../domain/explanation.js';
import { explain } from '../../engine/explain/evidence.js';
import { becauseOf } from '../../engine/explain/reason.js';
import type { RankedItem } from '../../engine/recommender.js';
import { heuristicRanker } from '../../engine/scorers/heuristic.js';
import type { Snapshot } from '../../registry/snapshot.js';
import type { MayShow } from './entityFilter.js';
import type { StoredList } from './storedList.js';
import type { ItemLookup, Recommended } from './types.js';

/** Looked up beyond what is asked for, since now and then one is hidden or gone. */
const SPARE = 2;

type Placed = RankedItem & { readonly place: number };

/**
 * The first `first` of a list that may be shown, with their entities. One lookup, and a second for all the rest only
 * when the first left places empty. `leftOut` has the ids that must not come again.
 */
export async function present(
  list: StoredList,
  { first, leftOut }: { readonly first: number; readonly leftOut: ReadonlySet<string> },
  {
    mayShow,
    lookup,
    snapshot,
  }: { readonly mayShow: MayShow; readonly lookup: ItemLookup; readonly snapshot: Snapshot | null },
): Promise<Recommended[]> {
  const ranked = list.items.map((item, place) => ({ ...item, place })).filter(({ itemId }) => !leftOut.has(itemId));
  const head = first + SPARE;
  const shown = await showable(ranked.slice(0, head), mayShow, lookup);
  if (shown.length < first && ranked.length > head)
    shown.push(...(await showable(ranked.slice(head), mayShow, lookup)));
  const explanations = explainer(list, snapshot);
  return shown.slice(0, first).map((one, position) => ({
    ...one,
    position,
    explain: () => explanations(one.place),
  }));
}

/** All items of a list are explained when the first of them is asked about. */
function explainer({ items, evidence, version, degraded }: StoredList, snapshot: Snapshot | null) {
  let made: Promise<Explanation[]> | null = null;
  const ranker =
    degraded === 'HEURISTIC_RANKER' ? heuristicRanker : snapshot?.version === version ? snapshot.ranker : null;
  return async (at: number): Promise<Explanation> => {
    made ??= explain(
      evidence,
      items.map(({ rules }) => rules),
      ranker,
    );
    return (await made)[at] ?? { sources: [], features: [], rules: [] };
  };
}

async function showable(
  ranked: readonly Placed[],
  mayShow: MayShow,
  lookup: ItemLookup,
): Promise<Omit<Recommended, 'position' | 'explain'>[]> {
  const ids = new Set(ranked.map(({ itemId }) => itemId));
  for (const { reason } of ranked) if (reason.because !== null) ids.add(reason.because.itemId);
  const items = await itemsById(ids, lookup);
  return ranked.flatMap(({ itemId, score, source, reason, propensity, place }) => {
    const item = items.get(itemId);
    if (item === undefined || !mayShow(item)) return [];
    return [{ item, score, source, reason: sentence(reason, items), propensity, place }];
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
