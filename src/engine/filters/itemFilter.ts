import type { ItemFilter } from '../../domain/itemFilter.js';
import { normaliseTag } from '../../registry/itemTable.js';
import type { ItemTable, NamedColumn, Snapshot } from '../../registry/snapshot.js';
import type { Judge, Rule } from './rule.js';

/** The caller's `ItemFilter`, on the columns of the snapshot. */
export const itemFilter: Rule<{ readonly filter: ItemFilter | null; readonly snapshot: Pick<Snapshot, 'items'> }> = {
  name: 'itemFilter',
  judge({ filter, snapshot }) {
    const checks = filter === null ? [] : checksOf(filter, snapshot.items);
    if (checks.length === 0) return null;
    return (item) => {
      for (const check of checks) {
        const reason = check(item);
        if (reason !== null) return reason;
      }
      return null;
    };
  },
};

function checksOf(filter: ItemFilter, items: ItemTable): Judge[] {
  const checks: Judge[] = [];
  const { ids, kind, category, authorId, tagsAny, tagsAll, createdAfter, minPopularity, notIds } = filter;
  if (ids !== null) {
    const wanted = new Set(ids.map((id) => items.indexOf(id)));
    checks.push((item) => (wanted.has(item) ? null : 'not among those asked for'));
  }
  if (asks(kind)) checks.push(named(items.kind, kind, 'not of the kind asked for'));
  if (asks(category)) checks.push(named(items.category, category, 'not in the category asked for'));
  if (asks(authorId)) checks.push(named(items.author, authorId, 'not by an author asked for'));
  if (asks(tagsAny)) checks.push(tagged(items, tagsAny.map(normaliseTag), 1, 'has none of the tags asked for'));
  if (asks(tagsAll))
    checks.push(
      tagged(items, tagsAll.map(normaliseTag), new Set(tagsAll.map(normaliseTag)).size, 'lacks a tag asked for'),
    );
  if (createdAfter !== null) {
    const after = createdAfter.getTime();
    checks.push((item) => ((items.createdAt[item] ?? 0) > after ? null : 'not new enough'));
  }
  if (minPopularity !== null) {
    checks.push((item) => ((items.popularity[item] ?? 0) >= minPopularity ? null : 'not popular enough'));
  }
  if (asks(notIds)) {
    const out = new Set(notIds.map((id) => items.indexOf(id)));
    checks.push((item) => (out.has(item) ? 'the caller excluded it' : null));
  }
  return checks;
}

function asks(values: readonly string[] | null): values is readonly string[] {
  return values !== null && values.length > 0;
}

function named(column: NamedColumn, wanted: readonly string[], reason: string): Judge {
  const codes = codesOf(column.names, wanted);
  return (item) => (codes.has(column.codes[item] ?? -1) ? null : reason);
}

function tagged(items: ItemTable, wanted: readonly string[], atLeast: number, reason: string): Judge {
  const codes = codesOf(items.tagNames, wanted);
  const { offsets, indices } = items.tags;
  return (item) => {
    let matches = 0;
    const end = offsets[item + 1] ?? 0;
    for (let at = offsets[item] ?? 0; at < end; at++) if (codes.has(indices[at] ?? -1)) matches++;
    return matches >= atLeast ? null : reason;
  };
}

function codesOf(names: readonly string[], wanted: readonly string[]): Set<number> {
  const codes = new Set<number>();
  const set = new Set(wanted);
  for (let code = 0; code < names.length; code++) if (set.has(names[code] ?? '')) codes.add(code);
  return codes;
}
