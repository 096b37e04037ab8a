import { z } from 'zod';
import type { Item } from '../domain/entities.js';
import type { ItemTable, NamedColumn } from './snapshot.js';

/** The strings of an item table; its numbers are stored as arrays of their own. */
export const itemNamesSchema = z.object({
  ids: z.array(z.string()),
  kinds: z.array(z.string()),
  categories: z.array(z.string()),
  authors: z.array(z.string()),
  tags: z.array(z.string()),
});

export type ItemNames = z.infer<typeof itemNamesSchema>;

/** An item table without what can be derived from the rest. */
export type ItemColumns = Omit<ItemTable, 'size' | 'indexOf' | 'codeOfTag' | 'hidden' | 'growth'>;

/**
 * The catalogue in dense form. `items` in the order of their ids (by code unit); `popularity` has one number per item.
 * @throws RangeError when the ids are not in order or not unique.
 */
export function buildItemTable(items: readonly Item[], popularity: Float32Array): ItemTable {
  const tagLists = items.map((item) => [...new Set(item.tags.map(normaliseTag))].filter((tag) => tag !== '').sort());
  return openItemTable({
    ids: items.map((item) => item.id),
    kind: namedColumn(items.map((item) => item.kind)),
    category: namedColumn(items.map((item) => item.category)),
    author: namedColumn(items.map((item) => item.authorId)),
    ...tagMatrix(tagLists),
    createdAt: Float64Array.from(items, (item) => item.createdAt.getTime()),
    popularity,
  });
}

/** Adds the look-up of ids and tags. */
export function openItemTable(columns: ItemColumns): ItemTable {
  const { ids } = columns;
  const index = new Map<string, number>();
  let previous: string | undefined;
  for (const [at, id] of ids.entries()) {
    if (previous !== undefined && previous >= id) {
      throw new RangeError(`the ids of an item table rise; "${id}" comes after "${previous}"`);
    }
    index.set(id, at);
    previous = id;
  }
  const tags = new Map(columns.tagNames.map((name, code) => [name, code]));
  return {
    ...columns,
    size: ids.length,
    indexOf: (id) => index.get(id) ?? -1,
    codeOfTag: (name) => tags.get(name) ?? -1,
    hidden: new Set(),
  };
}

/** Tags are the same tag whatever their case and the blanks around them. */
export function normaliseTag(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Names in order (by code unit), so that the same catalogue gives the same codes. */
export function namedColumn(values: readonly (string | null)[]): NamedColumn {
  const names = sortedNames(values.filter((value) => value !== null));
  const code = new Map(names.map((name, index) => [name, index]));
  return { names, codes: Int32Array.from(values, (value) => (value === null ? -1 : (code.get(value) ?? -1))) };
}

/** A tag that only one item has keeps its place, for filters, but weighs nothing: there is no other item to tell of. */
export function tagMatrix(lists: readonly (readonly string[])[]): Pick<ItemTable, 'tagNames' | 'tags'> {
  const tagNames = sortedNames(lists.flat());
  const code = new Map(tagNames.map((name, index) => [name, index]));
  const uses = new Int32Array(tagNames.length);
  const indices = Int32Array.from(lists.flat(), (tag) => code.get(tag) ?? 0);
  for (const tag of indices) uses[tag] = (uses[tag] ?? 0) + 1;
  const offsets = new Int32Array(lists.length + 1);
  for (const [row, list] of lists.entries()) offsets[row + 1] = (offsets[row] ?? 0) + list.length;
  const values = Float32Array.from(indices, (tag) => {
    const count = uses[tag] ?? 0;
    return count < 2 ? 0 : Math.log(1 + lists.length / count);
  });
  for (let row = 0; row < lists.length; row++) scaleToLength(values.subarray(offsets[row], offsets[row + 1]));
  return { tagNames, tags: { offsets, indices, values } };
}

function scaleToLength(row: Float32Array): void {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) / length;
}

function sortedNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
}
