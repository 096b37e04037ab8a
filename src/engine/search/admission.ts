import { type BusinessRule, filterOf } from '../../domain/businessRule.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import { normaliseTag } from '../../registry/itemTable.js';
import type { Columns, Int32Column, Int32Lists, Names } from './columns.js';

/** Whether a row may be found. */
export type Admits = (row: number) => boolean;

/** Rows that the caller's filter admits and no exclusion of the business is about; null where every row may be found. */
export function admissionOf(
  columns: Columns,
  filter: ItemFilter | null,
  exclusions: readonly BusinessRule[],
): Admits | null {
  const checks = filter === null ? [] : checksOf(columns, filter);
  for (const { target } of exclusions) {
    const about = checksOf(columns, filterOf(target));
    if (target.ids.length > 0) {
      const ids = new Set(target.ids);
      about.push((row) => ids.has(columns.ids[row] ?? ''));
    }
    checks.push((row) => !about.every((holds) => holds(row)));
  }
  return checks.length === 0 ? null : (row) => checks.every((holds) => holds(row));
}

function checksOf(columns: Columns, filter: ItemFilter): Admits[] {
  const { ids, kind, category, authorId, tagsAny, tagsAll, createdAfter, minPopularity, notIds } = filter;
  const checks: Admits[] = [];
  if (ids !== null) {
    const wanted = new Set(ids);
    checks.push((row) => wanted.has(columns.ids[row] ?? ''));
  }
  if (asks(kind)) checks.push(oneOf(columns.kind, codesOf(columns.kinds, kind)));
  if (asks(category)) checks.push(oneOf(columns.category, codesOf(columns.categories, category)));
  if (asks(authorId)) checks.push(oneOf(columns.author, codesOf(columns.authors, authorId)));
  if (asks(tagsAny)) {
    const codes = codesOf(columns.tagNames, tagsAny.map(normaliseTag));
    checks.push((row) => countTags(columns.tags, row, codes) > 0);
  }
  if (asks(tagsAll)) {
    const codes = codesOf(columns.tagNames, tagsAll.map(normaliseTag));
    checks.push((row) => countTags(columns.tags, row, codes) === codes.size);
  }
  if (createdAfter !== null) {
    const after = createdAfter.getTime();
    checks.push((row) => (columns.createdAt[row] ?? 0) > after);
  }
  if (minPopularity !== null) checks.push((row) => (columns.popularity[row] ?? 0) >= minPopularity);
  if (asks(notIds)) {
    const out = new Set(notIds);
    checks.push((row) => !out.has(columns.ids[row] ?? ''));
  }
  return checks;
}

function asks(values: readonly string[] | null): values is readonly string[] {
  return values !== null && values.length > 0;
}

/** Names that no row has stand as -2, which no row has either. */
function codesOf(names: Names, wanted: readonly string[]): Set<number> {
  return new Set(
    wanted.map((name) => {
      const code = names.find(name);
      return code < 0 ? -2 : code;
    }),
  );
}

function oneOf({ values }: Int32Column, codes: ReadonlySet<number>): Admits {
  return (row) => codes.has(values[row] ?? -1);
}

/** Each tag of a row stands there once. */
function countTags({ offsets, values }: Int32Lists, row: number, codes: ReadonlySet<number>): number {
  let count = 0;
  const end = offsets[row + 1] ?? 0;
  for (let at = offsets[row] ?? 0; at < end; at++) if (codes.has(values[at] ?? -1)) count++;
  return count;
}
