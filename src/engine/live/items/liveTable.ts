import type { Item } from '../../../domain/entities.js';
import { longerFloat32, SHELF_ROWS } from '../../../registry/room.js';
import type { ItemTable } from '../../../registry/snapshot.js';
import { liveNames, liveTimes } from './columns.js';
import { liveTags } from './tags.js';

/** An item table that rows are added to. */
export interface LiveTable {
  readonly size: number;
  /** Row of an id, or -1. */
  indexOf(id: string): number;
  /** Whether the row says what the item says, as far as a table does. */
  says(row: number, item: Item): boolean;
  /** Whether there is room for another row. */
  fits(item: Item): boolean;
  /** The row of an item from now on; the one it had, if any, is gone. */
  append(item: Item): number;
  /** A row that only the factors of a model have a use for: gone, and without a name. */
  appendFactors(): number;
  /** Lets a row of the version say what its item says now. */
  replace(row: number, item: Item): void;
  setGone(row: number, gone: boolean): void;
  isGone(row: number): boolean;
  /** As it is now. Nothing that is in it is written later, but for names behind those it uses. */
  table(): ItemTable;
}

export function liveTable(base: ItemTable, owner: object): LiveTable {
  const first = base.size;
  const capacity = first + SHELF_ROWS;
  const room = { first, capacity, owner };
  const ids = [...base.ids];
  const added = new Map<string, number>();
  const kind = liveNames(base.kind, room);
  const category = liveNames(base.category, room);
  const author = liveNames(base.author, room);
  const createdAt = liveTimes(base.createdAt, room);
  const tags = liveTags(base, capacity, owner);
  const popularity = longerFloat32(base.popularity, capacity, owner);
  const gone = new Set<number>();
  const changed = new Set<number>();

  const indexOf = (id: string): number => added.get(id) ?? base.indexOf(id);
  const write = (row: number, item: Item) => {
    kind.write(row, item.kind);
    category.write(row, item.category);
    author.write(row, item.authorId);
    createdAt.write(row, item.createdAt.getTime());
  };

  return {
    get size() {
      return ids.length;
    },
    indexOf,
    says: (row, item) =>
      kind.at(row) === item.kind &&
      category.at(row) === item.category &&
      author.at(row) === item.authorId &&
      createdAt.at(row) === item.createdAt.getTime() &&
      tags.has(row, item.tags),
    fits: (item) => ids.length < capacity && tags.fits(item.tags),
    append(item) {
      const before = indexOf(item.id);
      if (before >= 0) gone.add(before);
      const row = ids.push(item.id) - 1;
      added.set(item.id, row);
      write(row, item);
      tags.append(item.tags);
      return row;
    },
    appendFactors() {
      const row = ids.push('') - 1;
      kind.write(row, null);
      category.write(row, null);
      author.write(row, null);
      tags.append([]);
      gone.add(row);
      return row;
    },
    replace(row, item) {
      write(row, item);
      if (!tags.has(row, item.tags)) tags.replace(row, item.tags);
      changed.add(row);
    },
    setGone(row, isGone) {
      if (isGone) gone.add(row);
      else gone.delete(row);
    },
    isGone: (row) => gone.has(row),
    table() {
      const size = ids.length;
      return {
        size,
        ids,
        indexOf(id) {
          const row = added.get(id);
          return row !== undefined && row < size ? row : base.indexOf(id);
        },
        kind: kind.column(size),
        category: category.column(size),
        author: author.column(size),
        ...tags.columns(),
        createdAt: createdAt.column(size),
        popularity: popularity.subarray(0, size),
        shelf: { base, changed: new Set(changed), gone: new Set(gone) },
      };
    },
  };
}
