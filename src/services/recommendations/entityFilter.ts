import { type BusinessRule, filterOf } from '../../domain/businessRule.js';
import type { Item } from '../../domain/entities.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import type { ActiveRules } from '../../engine/live/ruleBooks.js';
import { rulesFor } from '../../engine/rules/rulings.js';
import { normaliseTag } from '../../registry/itemTable.js';

/** Whether an item may be shown as it is now: a list may be older than the last change of the item, or of a rule. */
export type MayShow = (item: Item) => boolean;

/** By what the caller wants and what the business keeps out of the lists of a surface. */
export function admission(filter: ItemFilter | null, rules: ActiveRules, surface: string): MayShow {
  const exclusions = exclusionsOf(rules, surface);
  return (item) =>
    mayShow(item, filter) &&
    !exclusions.some(
      ({ target }) => (target.ids.length === 0 || target.ids.includes(item.id)) && mayShow(item, filterOf(target)),
    );
}

export function exclusionsOf(rules: ActiveRules, surface: string): readonly BusinessRule[] {
  return rulesFor(rules, surface).filter(({ kind }) => kind === 'EXCLUDE');
}

/** Popularity is no part of an item, so that `minPopularity` is for whoever ranks. */
export function mayShow(item: Item, filter: ItemFilter | null): boolean {
  if (item.hiddenAt !== null) return false;
  if (filter === null) return true;
  const { ids, kind, category, authorId, tagsAny, tagsAll, createdAfter, notIds } = filter;
  return (
    (ids === null || ids.includes(item.id)) &&
    isIn(kind, item.kind) &&
    isIn(category, item.category) &&
    isIn(authorId, item.authorId) &&
    (nothing(tagsAny) || tagsAny.some(hasTag(item))) &&
    (nothing(tagsAll) || tagsAll.every(hasTag(item))) &&
    (createdAfter === null || item.createdAt > createdAfter) &&
    (nothing(notIds) || !notIds.includes(item.id))
  );
}

function hasTag(item: Item): (wanted: string) => boolean {
  const tags = new Set(item.tags.map(normaliseTag));
  return (wanted) => tags.has(normaliseTag(wanted));
}

function nothing(values: readonly string[] | null): values is null {
  return values === null || values.length === 0;
}

function isIn(wanted: readonly string[] | null, value: string | null): boolean {
  return nothing(wanted) || (value !== null && wanted.includes(value));
}
