import type { Item } from '../../domain/entities.js';
import { normaliseTag } from '../../registry/itemTable.js';

/** Numbers for names, from 0, in the order they come. */
export interface Names {
  readonly names: readonly string[];
  /** A new code for a new name. */
  add(name: string): number;
  /** -1 where it is none. */
  find(name: string): number;
}

export function createNames(): Names {
  const names: string[] = [];
  const codes = new Map<string, number>();
  return {
    names,
    add(name) {
      const code = codes.get(name) ?? names.push(name) - 1;
      codes.set(name, code);
      return code;
    },
    find: (name) => codes.get(name) ?? -1,
  };
}

/** Whole numbers, one after the other. */
export interface Int32Column {
  /** Longer than what was pushed. */
  readonly values: Int32Array;
  push(value: number): void;
}

/** Lists of whole numbers: list i is `values` from `offsets[i]` to `offsets[i + 1]`. */
export interface Int32Lists {
  readonly offsets: Int32Array;
  readonly values: Int32Array;
  push(list: readonly number[]): void;
}

function createColumn(): Int32Column {
  let values = new Int32Array(1024);
  let length = 0;
  return {
    get values() {
      return values;
    },
    push(value) {
      if (length === values.length) {
        const more = new Int32Array(2 * length);
        more.set(values);
        values = more;
      }
      values[length++] = value;
    },
  };
}

function createLists(): Int32Lists {
  const offsets = createColumn();
  const values = createColumn();
  let length = 0;
  offsets.push(0);
  return {
    get offsets() {
      return offsets.values;
    },
    get values() {
      return values.values;
    },
    push(list) {
      for (const value of list) values.push(value);
      length += list.length;
      offsets.push(length);
    },
  };
}

/** What filters and facets read of the rows of an index; rows are only added. -1 stands for none. */
export interface Columns {
  readonly ids: string[];
  readonly titles: string[];
  readonly kind: Int32Column;
  readonly category: Int32Column;
  readonly author: Int32Column;
  readonly tags: Int32Lists;
  /** Epoch milliseconds. */
  readonly createdAt: number[];
  /** Positive actions, as of when the row was written. */
  readonly popularity: number[];
  readonly kinds: Names;
  readonly categories: Names;
  readonly authors: Names;
  readonly tagNames: Names;
  add(item: Item, popularity: number): void;
}

export function createColumns(): Columns {
  const columns: Columns = {
    ids: [],
    titles: [],
    kind: createColumn(),
    category: createColumn(),
    author: createColumn(),
    tags: createLists(),
    createdAt: [],
    popularity: [],
    kinds: createNames(),
    categories: createNames(),
    authors: createNames(),
    tagNames: createNames(),
    add(item, popularity) {
      const { kinds, categories, authors, tagNames } = columns;
      columns.ids.push(item.id);
      columns.titles.push(item.title);
      columns.kind.push(kinds.add(item.kind));
      columns.category.push(item.category === null ? -1 : categories.add(item.category));
      columns.author.push(item.authorId === null ? -1 : authors.add(item.authorId));
      const tags = new Set(item.tags.map(normaliseTag));
      tags.delete('');
      columns.tags.push(Array.from(tags, (tag) => tagNames.add(tag)));
      columns.createdAt.push(item.createdAt.getTime());
      columns.popularity.push(popularity);
    },
  };
  return columns;
}
