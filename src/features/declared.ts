import { normaliseTag } from '../registry/itemTable.js';
import type { ItemTable } from '../registry/snapshot.js';

/** The interests a person declared, in the terms of one snapshot: codes of the categories and tags of the same name. */
export interface Declared {
  readonly categories: ReadonlySet<number>;
  readonly tags: ReadonlySet<number>;
}

export const NOTHING_DECLARED: Declared = { categories: new Set(), tags: new Set() };

/** Names are compared as tags are: whatever their case and the blanks around them. */
export function declaredIn(interests: readonly string[], { category, codeOfTag }: ItemTable): Declared {
  if (interests.length === 0) return NOTHING_DECLARED;
  const wanted = new Set(interests.map(normaliseTag));
  const categories = new Set<number>();
  for (const [code, name] of category.names.entries()) if (wanted.has(normaliseTag(name))) categories.add(code);
  const tags = new Set([...wanted].map(codeOfTag).filter((code) => code >= 0));
  return { categories, tags };
}

/**
 * How well an item fits what was declared: 1 in a category of that name, else the share its tags of that name have in all of
 * its tags, 0 to 1.
 */
export function declaredFit({ categories, tags }: Declared, table: ItemTable, item: number): number {
  if (categories.has(table.category.codes[item] ?? -1)) return 1;
  if (tags.size === 0) return 0;
  const { offsets, indices, values } = table.tags;
  let fit = 0;
  // Rows have length 1, so that Σ of squares is a share.
  for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) {
    if (tags.has(indices[at] ?? -1)) fit += (values[at] ?? 0) ** 2;
  }
  return Math.min(1, fit);
}
