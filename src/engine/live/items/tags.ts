import { normaliseTag } from '../../../registry/itemTable.js';
import { longerFloat32, longerInt32, SHELF_ROWS } from '../../../registry/room.js';
import type { ItemTable, SparseRows } from '../../../registry/snapshot.js';

/** The tags of a table that rows are added to. */
export interface LiveTags {
  has(row: number, tags: readonly string[]): boolean;
  /** Whether there is room for the tags of another row. */
  fits(tags: readonly string[]): boolean;
  /** Of the next row. */
  append(tags: readonly string[]): void;
  /** Of a row that is there. Makes a copy of all rows when they are next asked for. */
  replace(row: number, tags: readonly string[]): void;
  /** As they are now. */
  columns(): Pick<ItemTable, 'tagNames' | 'codeOfTag' | 'tags'>;
}

/** Room for so many tags a row, on average. */
const TAGS_OF_ROW = 8;

export function liveTags(base: ItemTable, capacity: number, owner: object): LiveTags {
  const tagNames = [...base.tagNames];
  const added = new Map<string, number>();
  const replaced = new Map<number, readonly number[]>();
  const uses = tagNames.map(() => 0);
  for (const code of base.tags.indices) uses[code] = (uses[code] ?? 0) + 1;
  let size = base.size;
  let rows = roomy(base.tags, base.tags.indices.length + SHELF_ROWS * TAGS_OF_ROW);

  function roomy({ offsets, indices, values }: SparseRows, entries: number): SparseRows {
    return {
      offsets: longerInt32(offsets, capacity + 1, owner),
      indices: longerInt32(indices, entries, owner),
      values: longerFloat32(values, entries, owner),
    };
  }
  const end = () => rows.offsets[size] ?? 0;
  const codeOfTag = (name: string): number => {
    const code = base.codeOfTag(name);
    return code >= 0 ? code : (added.get(name) ?? -1);
  };
  const codeFor = (name: string): number => {
    const code = codeOfTag(name);
    if (code >= 0) return code;
    added.set(name, tagNames.length);
    return tagNames.push(name) - 1;
  };
  const codesFor = (tags: readonly string[]) => normal(tags).map(codeFor).sort(ascending);
  const codesAt = (row: number): readonly number[] =>
    replaced.get(row) ?? [...rows.indices.subarray(rows.offsets[row], rows.offsets[row + 1])];
  const count = (codes: readonly number[], by: number) => {
    for (const code of codes) uses[code] = (uses[code] ?? 0) + by;
  };
  /** As `buildItemTable` weighs them: a tag of one item alone weighs nothing. */
  const weigh = (codes: readonly number[]): number[] => {
    const rarity = codes.map((code) => ((uses[code] ?? 0) < 2 ? 0 : Math.log(1 + size / (uses[code] ?? 1))));
    const length = Math.hypot(...rarity);
    return rarity.map((value) => (length > 0 ? value / length : 0));
  };
  const write = ({ indices, values }: SparseRows, at: number, codes: readonly number[]) => {
    indices.set(codes, at);
    values.set(weigh(codes), at);
  };
  /** Into arrays of our own, with as much room behind as is left. */
  const settle = () => {
    const before = rows;
    const left = before.indices.length - end();
    const offsets = new Int32Array(capacity + 1);
    for (let row = 0; row < size; row++) {
      const length = replaced.get(row)?.length ?? (before.offsets[row + 1] ?? 0) - (before.offsets[row] ?? 0);
      offsets[row + 1] = (offsets[row] ?? 0) + length;
    }
    const entries = (offsets[size] ?? 0) + left;
    rows = { offsets, indices: new Int32Array(entries), values: new Float32Array(entries) };
    let next = 0;
    for (const row of [...[...replaced.keys()].sort(ascending), size]) {
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
    has(row, tags) {
      const names = new Set(normal(tags));
      const codes = codesAt(row);
      return codes.length === names.size && codes.every((code) => names.has(tagNames[code] ?? ''));
    },
    fits: (tags) => end() + tags.length <= rows.indices.length,
    append(tags) {
      const codes = codesFor(tags);
      count(codes, 1);
      const from = end();
      write(rows, from, codes);
      size++;
      rows.offsets[size] = from + codes.length;
    },
    replace(row, tags) {
      const codes = codesFor(tags);
      count(codesAt(row), -1);
      count(codes, 1);
      replaced.set(row, codes);
    },
    columns() {
      if (replaced.size > 0) settle();
      return {
        tagNames,
        codeOfTag,
        tags: {
          offsets: rows.offsets.subarray(0, size + 1),
          indices: rows.indices.subarray(0, end()),
          values: rows.values.subarray(0, end()),
        },
      };
    },
  };
}

function normal(tags: readonly string[]): string[] {
  return [...new Set(tags.map(normaliseTag))].filter((tag) => tag !== '');
}

function ascending(a: number, b: number): number {
  return a - b;
}
