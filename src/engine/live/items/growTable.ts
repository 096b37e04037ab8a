import type { Item } from '../../../domain/entities.js';
import { grownFloat32, grownFloat64 } from '../../../registry/room.js';
import type { Growth, ItemTable } from '../../../registry/snapshot.js';
import { growNames } from './names.js';
import { growTags } from './tagRows.js';

/** An item table that grows. */
export interface GrowingTable {
  readonly size: number;
  /** Row of an id, or -1. */
  indexOf(id: string): number;
  /** Writes the row of the item, a new one where it has none yet; answers which. */
  put(item: Item): number;
  /** As it is now. */
  table(growth: Growth<ItemTable>): ItemTable;
}

/** `owner` may write to the arrays of `base` where they have room; see `grownFloat32`. */
export function growTable(base: ItemTable, owner: object): GrowingTable {
  const ids = [...base.ids];
  const added = new Map<string, number>();
  const kind = growNames(base.kind, owner);
  const category = growNames(base.category, owner);
  const author = growNames(base.author, owner);
  const tags = growTags(base, owner);
  const hidden = new Set<number>();
  let createdAt = grownFloat64(base.createdAt, base.size, owner);
  let popularity = base.popularity;

  const indexOf = (id: string): number => {
    const row = base.indexOf(id);
    return row >= 0 ? row : (added.get(id) ?? -1);
  };
  const rowOf = (id: string): number => {
    const known = indexOf(id);
    if (known >= 0) return known;
    const row = ids.push(id) - 1;
    added.set(id, row);
    createdAt = grownFloat64(createdAt, row + 1, owner);
    popularity = grownFloat32(popularity, row + 1, owner);
    return row;
  };

  return {
    get size() {
      return ids.length;
    },
    indexOf,
    put(item) {
      const row = rowOf(item.id);
      kind.put(row, item.kind);
      category.put(row, item.category);
      author.put(row, item.authorId);
      tags.put(row, item.tags);
      createdAt[row] = item.createdAt.getTime();
      if (item.hiddenAt === null) hidden.delete(row);
      else hidden.add(row);
      return row;
    },
    table(growth) {
      const size = ids.length;
      return {
        growth,
        hidden,
        size,
        ids,
        indexOf(id) {
          const row = indexOf(id);
          return row < size ? row : -1;
        },
        kind: kind.column(size),
        category: category.column(size),
        author: author.column(size),
        ...tags.columns(),
        createdAt,
        popularity,
      };
    },
  };
}
