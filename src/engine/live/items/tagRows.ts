import { normaliseTag } from '../../../registry/itemTable.js';
import { grownFloat32, grownInt32 } from '../../../registry/room.js';
import type { ItemTable, SparseRows } from '../../../registry/snapshot.js';

/** The tags of a table that grows. */
export interface GrowingTags {
  /** Rows beyond the last come in order, one after the other. */
  put(row: number, tags: readonly string[]): void;
  /** As they are now. */
  columns(): Pick<ItemTable, 'tagNames' | 'codeOfTag' | 'tags'>;
}

/**
 * New rows are written behind the others. A row that has other tags than before moves all that follow, so that such
 * changes are gathered and made at once, by a copy of the matrix.
 */
export function growTags(base: ItemTable, owner: object): GrowingTags {
  const tagNames = [...base.tagNames];
  const added = new Map<string, number>();
  const replaced = new Map<number, readonly number[]>();
  let rows = base.tags;
  let size = base.size;
  const uses = tagNames.map(() => 0);
  for (const code of rows.indices) uses[code] = (uses[code] ?? 0) + 1;

  const codeOfTag = (name: string): number => {
    const code = base.codeOfTag(name);
    return code >= 0 ? code : (added.get(name) ?? -1);
  };
  const codesOf = (tags: readonly string[]): number[] =>
    [...new Set(tags.map(normaliseTag))]
      .filter((name) => name !== '')
      .map((name) => {
        const code = codeOfTag(name);
        if (code >= 0) return code;
        added.set(name, tagNames.length);
        return tagNames.push(name) - 1;
      })
      .sort((a, b) => a - b);
  const current = (row: number): readonly number[] =>
    replaced.get(row) ?? Array.from(rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1]));
  const count = (codes: readonly number[], by: number) => {
    for (const code of codes) uses[code] = (uses[code] ?? 0) + by;
  };
  /** As `buildItemTable` weighs them: a tag of one item alone weighs nothing. */
  const weigh = (codes: readonly number[]): number[] => {
    const rarity = codes.map((code) => {
      const many = uses[code] ?? 0;
      return many < 2 ? 0 : Math.log(1 + size / many);
    });
    const length = Math.hypot(...rarity);
    return rarity.map((value) => (length > 0 ? value / length : 0));
  };
  const write = ({ indices, values }: SparseRows, at: number, codes: readonly number[]) => {
    indices.set(codes, at);
    values.set(weigh(codes), at);
  };
  const append = (codes: readonly number[]) => {
    const from = rows.indices.length;
    const to = from + codes.length;
    size++;
    rows = {
      offsets: grownInt32(rows.offsets, size + 1, owner),
      indices: grownInt32(rows.indices, to, owner),
      values: grownFloat32(rows.values, to, owner),
    };
    rows.offsets[size] = to;
    write(rows, from, codes);
  };
  const settle = () => {
    const before = rows;
    const lengthOf = (row: number) =>
      replaced.get(row)?.length ?? (before.offsets[row + 1] ?? 0) - (before.offsets[row] ?? 0);
    const offsets = grownInt32(new Int32Array(0), size + 1, owner);
    for (let row = 0; row < size; row++) offsets[row + 1] = (offsets[row] ?? 0) + lengthOf(row);
    const entries = offsets[size] ?? 0;
    rows = {
      offsets,
      indices: grownInt32(new Int32Array(0), entries, owner),
      values: grownFloat32(new Float32Array(0), entries, owner),
    };
    let next = 0;
    for (const row of [...replaced.keys(), size].sort((a, b) => a - b)) {
      const [from, to] = [before.offsets[next], before.offsets[row]];
      rows.indices.set(before.indices.subarray(from, to), offsets[next] ?? 0);
      rows.values.set(before.values.subarray(from, to), offsets[next] ?? 0);
      const codes = replaced.get(row);
      if (codes !== undefined) write(rows, offsets[row] ?? 0, codes);
      next = row + 1;
    }
    replaced.clear();
  };

  return {
    put(row, tags) {
      const codes = codesOf(tags);
      if (row >= size) {
        count(codes, 1);
        append(codes);
        return;
      }
      const old = current(row);
      if (old.length === codes.length && old.every((code, at) => code === codes[at])) return;
      count(old, -1);
      count(codes, 1);
      replaced.set(row, codes);
    },
    columns() {
      if (replaced.size > 0) settle();
      return { tagNames, codeOfTag, tags: rows };
    },
  };
}
