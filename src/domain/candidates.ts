/**
 * Candidates as columns: index `row` of each array is one candidate. Items are dense indices, each at most once.
 * Nothing in it is written after it was made.
 */
export interface Candidates {
  readonly items: Int32Array;
  /** One per source that answered, in the order of the recipe. */
  readonly sources: readonly SourceColumn[];
  /** What the hydrators added, by name. */
  readonly columns: ReadonlyMap<string, Float32Array>;
}

export interface SourceColumn {
  readonly name: string;
  /** The source's own score; NaN where it did not name the item. */
  readonly scores: Float32Array;
  /** From 0, best first; -1 where it did not name the item. */
  readonly ranks: Int32Array;
}

/** What one source found, best first. The arrays have the same length. */
export interface Found {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

export const NOTHING_FOUND: Found = { items: new Int32Array(0), scores: new Float32Array(0) };

/** The union of what the sources found, in order of first mention. Of an item a source names twice, the better rank counts. */
export function unite(found: readonly { readonly name: string; readonly found: Found }[]): Candidates {
  const rowOf = new Map<number, number>();
  for (const { found: one } of found) {
    for (const item of one.items) if (!rowOf.has(item)) rowOf.set(item, rowOf.size);
  }
  const sources = found.map(({ name, found: one }) => {
    const scores = new Float32Array(rowOf.size).fill(Number.NaN);
    const ranks = new Int32Array(rowOf.size).fill(-1);
    for (let rank = one.items.length - 1; rank >= 0; rank--) {
      const row = rowOf.get(one.items[rank] ?? 0) ?? 0;
      scores[row] = one.scores[rank] ?? 0;
      ranks[row] = rank;
    }
    return { name, scores, ranks };
  });
  return { items: Int32Array.from(rowOf.keys()), sources, columns: new Map() };
}

/** The given rows of every column, in their order. */
export function select(candidates: Candidates, rows: Int32Array): Candidates {
  return {
    items: Int32Array.from(rows, (row) => candidates.items[row] ?? 0),
    sources: candidates.sources.map(({ name, scores, ranks }) => ({
      name,
      scores: gather(scores, rows),
      ranks: Int32Array.from(rows, (row) => ranks[row] ?? -1),
    })),
    columns: new Map([...candidates.columns].map(([name, values]) => [name, gather(values, rows)])),
  };
}

function gather(values: Float32Array, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at++) out[at] = values[rows[at] ?? 0] ?? 0;
  return out;
}
