import { LRUCache } from 'lru-cache';
import type { ItemFilter } from '../domain/itemFilter.js';
import type { ItemTable, Snapshot } from '../registry/snapshot.js';
import { keepBest } from '../retrieval/best.js';
import type { Lookups } from '../retrieval/lookups.js';
import { admission } from './filters/rule.js';
import type { Closeness } from './hydrators/closeness.js';
import type { ActiveRules } from './live/ruleBooks.js';
import type { ObserveRun } from './pipeline/observer.js';
import { createPipeline, type Ranking } from './pipeline/pipeline.js';
import type { SimilarBasis, SimilarQuery } from './query.js';
import { SIMILAR_RULES, similarItemsRecipe } from './recipes/similarItems.js';
import type { CompiledRules } from './rules/compiled.js';
import type { Rulings } from './rules/rulings.js';
import { SHARES } from './scorers/blend.js';

export interface CloseItem {
  readonly itemId: string;
  /** 0 to 1. */
  readonly score: number;
  readonly reason: string;
}

export interface Similar {
  /** The `count` closest to an item, closest first; empty for an item the snapshot does not know. */
  closest(
    snapshot: Snapshot,
    itemId: string,
    count: number,
    filter: ItemFilter | null,
    rules: ActiveRules,
  ): Promise<readonly CloseItem[]>;
}

/** What rules call the lists of similar items. */
export const SIMILAR_SURFACE = 'similar';

/** Short unfiltered lists are asked for again and again (a page of items with what is similar to each): they are kept. */
const KEPT_LENGTH = 30;
const KEPT_ITEMS = 2_000;
const NAMED_TAGS = 3;

export function createSimilar(parts: {
  readonly lookups: Lookups;
  readonly rulings: Rulings;
  readonly observeRun?: ObserveRun;
}): Similar {
  const pipeline = createPipeline(similarItemsRecipe(parts), parts.observeRun);
  const kept = new WeakMap<Snapshot, WeakMap<CompiledRules, LRUCache<number, readonly CloseItem[]>>>();

  const compute = async (known: SimilarBasis, count: number) => {
    const query = { ...known, admits: admission(SIMILAR_RULES, known) };
    return present(query, await pipeline.execute(query), count);
  };
  const keptOf = ({ snapshot, rules }: SimilarBasis) => {
    const byRules = kept.get(snapshot) ?? new WeakMap<CompiledRules, LRUCache<number, readonly CloseItem[]>>();
    kept.set(snapshot, byRules);
    const lists = byRules.get(rules) ?? new LRUCache<number, readonly CloseItem[]>({ max: KEPT_ITEMS });
    byRules.set(rules, lists);
    return lists;
  };
  return {
    async closest(snapshot, itemId, count, filter, active) {
      const item = snapshot.items.indexOf(itemId);
      if (item < 0) return [];
      const rules = await parts.rulings.of(active, SIMILAR_SURFACE, snapshot.items);
      const known = { snapshot, item, filter, rules };
      if (filter !== null || count > KEPT_LENGTH) return compute(known, count);
      const lists = keptOf(known);
      const list = lists.get(item) ?? (await compute(known, KEPT_LENGTH));
      lists.set(item, list);
      return list.slice(0, count);
    },
  };
}

function present({ snapshot, item }: SimilarQuery, ranking: Ranking, count: number): CloseItem[] {
  const { candidates, order, scores } = ranking;
  const shares = Object.entries(SHARES);
  const close: CloseItem[] = [];
  for (const row of order.subarray(0, count)) {
    const score = scores[row] ?? 0;
    if (score <= 0) break;
    const other = candidates.items[row] ?? 0;
    const parts = shares.map(([name, share]) => ({ name, part: share * (candidates.columns.get(name)?.[row] ?? 0) }));
    const main = parts.reduce((best, one) => (one.part > best.part ? one : best)).name;
    close.push({
      itemId: snapshot.items.ids[other] ?? '',
      score,
      reason: reasonFor(main, snapshot.items, item, other),
    });
  }
  return close;
}

function reasonFor(main: string, items: ItemTable, item: number, other: number): string {
  const sentences: Readonly<Record<Closeness, () => string>> = {
    co_visited: () => 'Often liked together',
    alike: () => 'Liked by the same people',
    shared_tags: () => `Shares tags: ${sharedTags(items, item, other).join(', ')}`,
    content: () => 'Much the same kind of thing',
    agreement: () => `Shares tags: ${sharedTags(items, item, other).join(', ')}`,
    same_category: () => `In the same category: ${items.category.names[items.category.codes[item] ?? -1] ?? ''}`,
  };
  return Object.entries(sentences).find(([name]) => name === main)?.[1]() ?? 'Similar';
}

/** The tags of both that tell most. */
function sharedTags({ tags, tagNames }: ItemTable, item: number, other: number): string[] {
  const own = new Map<number, number>();
  for (let at = tags.offsets[item] ?? 0; at < (tags.offsets[item + 1] ?? 0); at++) {
    own.set(tags.indices[at] ?? 0, tags.values[at] ?? 0);
  }
  const best = keepBest(NAMED_TAGS);
  for (let at = tags.offsets[other] ?? 0; at < (tags.offsets[other + 1] ?? 0); at++) {
    const shared = own.get(tags.indices[at] ?? 0);
    if (shared !== undefined) best.offer(tags.indices[at] ?? 0, shared * (tags.values[at] ?? 0));
  }
  return Array.from(best.take().items, (tag) => tagNames[tag] ?? '');
}
