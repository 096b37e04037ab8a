import type { Columns } from './columns.js';

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

/** How many of the items that were found have which value, the most frequent first. */
export interface Facets {
  readonly kind: readonly FacetCount[];
  readonly category: readonly FacetCount[];
  readonly tags: readonly FacetCount[];
}

export const NO_FACETS: Facets = { kind: [], category: [], tags: [] };

/** Of each facet so many values are named. */
const MOST_VALUES = 50;

export function facetsOf(columns: Columns, rows: Int32Array): Facets {
  const kinds = new Int32Array(columns.kinds.names.length);
  const categories = new Int32Array(columns.categories.names.length);
  const tags = new Int32Array(columns.tagNames.names.length);
  const { kind, category } = columns;
  const { offsets, values } = columns.tags;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    raise(kinds, kind.values[row] ?? -1);
    raise(categories, category.values[row] ?? -1);
    const end = offsets[row + 1] ?? 0;
    for (let tag = offsets[row] ?? 0; tag < end; tag++) raise(tags, values[tag] ?? -1);
  }
  return {
    kind: named(columns.kinds.names, kinds),
    category: named(columns.categories.names, categories),
    tags: named(columns.tagNames.names, tags),
  };
}

function named(names: readonly string[], counts: Int32Array): FacetCount[] {
  const found: FacetCount[] = [];
  for (const [code, count] of counts.entries()) if (count > 0) found.push({ value: names[code] ?? '', count });
  return found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, MOST_VALUES);
}

function raise(counts: Int32Array, code: number): void {
  if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
}
