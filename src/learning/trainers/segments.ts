import { DAY_MS } from '../../domain/clock.js';
import { logRatio } from '../../features/logRatio.js';
import { openSegments } from '../../registry/parts/segments.js';
import type { ItemTable, SegmentModel } from '../../registry/snapshot.js';
import { breathe } from '../breathe.js';
import type { CircumstanceColumn } from '../examples/circumstances.js';
import type { EventColumns } from '../examples/eventColumns.js';
import { firstLikes } from '../examples/firstLikes.js';
import { positiveWorth } from '../examples/positiveWorth.js';
import { type Agreement, shapeOf } from './gammaPoisson.js';
import { newcomerLifts } from './newcomers.js';
import { rowBuilder } from './sparseRows.js';

export interface SegmentParameters {
  readonly halfLifeDays: number;
  /** Likes, as they count today, that a segment must have. */
  readonly leastLikes: number;
  /** Items kept of one segment: those whose share it changes most. */
  readonly itemsPerSegment: number;
}

export const SEGMENT_DEFAULTS: SegmentParameters = { halfLifeDays: 180, leastLikes: 20, itemsPerSegment: 300 };

/** Differences below 1 % are not worth a place. */
const LEAST_LIFT = 0.01;

/** The first time each person took to each item: what segments are counted in. */
interface Likes {
  readonly events: Int32Array;
  readonly items: Int32Array;
  /** Which half of the people it was, 0 or 1. */
  readonly halves: Uint8Array;
  /** What it counts today. */
  readonly weights: Float64Array;
}

/** Everyone's likes by item and by category, as shares of all of them. */
interface Shares {
  readonly item: Float64Array;
  readonly category: Float64Array;
  /** Σ of the squares of the shares of its items, per category; those of items without one come last. */
  readonly squares: Float64Array;
}

/**
 * What is popular by circumstance: of each value (an hour, a device, …) how many times as often as ever a category, and
 * beyond it an item, is taken to. Ratios are drawn to 1 by how far two halves of the people agree on them (empirical Bayes,
 * see `shapeOf`), so that neither a rare circumstance nor the taste of the few who were in it says much. `newcomer` is a segment of its own, see `newcomerLifts`. Of the
 * first `count` events. Null when nobody liked anything.
 */
export async function trainSegments(options: {
  readonly items: ItemTable;
  readonly events: EventColumns;
  readonly count: number;
  /** Per item, see `PopularityModel`. */
  readonly prior: Float32Array;
  readonly parameters: SegmentParameters;
}): Promise<SegmentModel | null> {
  const { items, events, count, prior, parameters } = options;
  const first = firstLikes(events, count, positiveWorth(events.worths.subarray(0, count)));
  if (first.events.length === 0) return null;
  const newest = events.times[count - 1] ?? 0;
  const likes: Likes = {
    events: first.events,
    items: first.events.map((event) => events.items[event] ?? 0),
    halves: Uint8Array.from(first.events, (event) => (events.users[event] ?? 0) & 1),
    weights: Float64Array.from(
      first.events,
      (event) => 0.5 ** ((newest - (events.times[event] ?? 0)) / (parameters.halfLifeDays * DAY_MS)),
    ),
  };
  const shares = sharesOf(likes, items);
  const kinds: string[] = [];
  const values: string[] = [];
  const categoryRows = rowBuilder();
  const itemRows = rowBuilder();
  for (const column of [...events.circumstances].sort((a, b) => (a.kind < b.kind ? -1 : 1))) {
    await breathe();
    for (const segment of segmentsOf(column, likes, shares, items, parameters)) {
      kinds.push(column.kind);
      values.push(segment.value);
      categoryRows.push(segment.categories);
      itemRows.push(segment.items);
    }
  }
  const newcomers = newcomerLifts({ events, count, first, prior, itemsKept: parameters.itemsPerSegment });
  if (newcomers !== null) {
    kinds.push('newcomer');
    values.push('');
    categoryRows.push(new Map());
    itemRows.push(newcomers);
  }
  return openSegments({ kinds, values, categories: categoryRows.finish(), items: itemRows.finish() });
}

interface Segment {
  readonly value: string;
  readonly categories: ReadonlyMap<number, number>;
  readonly items: ReadonlyMap<number, number>;
}

/** Likes of one value by one half of the people. */
interface Half {
  total: number;
  readonly byItem: Map<number, number>;
  readonly byCategory: Map<number, number>;
}

interface Counts {
  readonly value: string;
  readonly halves: readonly [Half, Half];
  /** What one like counts on average: counts divided by it vary as whole ones do. */
  readonly unit: number;
}

/** By rising value (code unit). */
function segmentsOf(
  column: CircumstanceColumn,
  likes: Likes,
  shares: Shares,
  items: ItemTable,
  parameters: SegmentParameters,
): Segment[] {
  const counted = countByValue(column, likes, items, parameters.leastLikes);
  const categoryShape = shapeOf(categoryAgreement(counted, shares));
  const lifted = counted.map((counts) => ({
    counts,
    categories: Float64Array.from(shares.category, (share, category) =>
      logRatio(
        sum(counts, ({ byCategory }) => byCategory.get(category) ?? 0),
        sum(counts, ({ total }) => total) * share,
        categoryShape,
      ),
    ),
  }));
  const itemShape = shapeOf(itemAgreement(lifted, shares, items));
  return lifted.map(({ counts, categories }) => ({
    value: counts.value,
    categories: new Map([...categories.entries()].filter(([, lift]) => Math.abs(lift) >= LEAST_LIFT)),
    items: itemLifts(counts, categories, itemShape, shares, items, parameters.itemsPerSegment),
  }));
}

/** Over both halves, in units. */
function sum({ halves: [one, other], unit }: Counts, of: (half: Half) => number): number {
  return (of(one) + of(other)) / unit;
}

function countByValue({ values, codes }: CircumstanceColumn, likes: Likes, items: ItemTable, least: number): Counts[] {
  const places: number[][] = values.map(() => []);
  for (let like = 0; like < likes.events.length; like++) {
    const code = codes[likes.events[like] ?? 0] ?? -1;
    if (code >= 0) places[code]?.push(like);
  }
  const counted = values.flatMap((value, code): Counts[] => {
    const halves: [Half, Half] = [emptyHalf(), emptyHalf()];
    let squares = 0;
    for (const like of places[code] ?? []) {
      const half = halves[likes.halves[like] === 1 ? 1 : 0];
      const weight = likes.weights[like] ?? 0;
      const item = likes.items[like] ?? 0;
      const category = items.category.codes[item] ?? -1;
      half.total += weight;
      squares += weight ** 2;
      half.byItem.set(item, (half.byItem.get(item) ?? 0) + weight);
      if (category >= 0) half.byCategory.set(category, (half.byCategory.get(category) ?? 0) + weight);
    }
    const total = halves[0].total + halves[1].total;
    const unit = squares / total;
    return total / unit >= least ? [{ value, halves, unit }] : [];
  });
  return counted.sort((a, b) => (a.value < b.value ? -1 : 1));
}

function emptyHalf(): Half {
  return { total: 0, byItem: new Map(), byCategory: new Map() };
}

function sharesOf({ items: liked, weights }: Likes, items: ItemTable): Shares {
  const item = new Float64Array(items.size);
  let total = 0;
  for (let like = 0; like < liked.length; like++) {
    const weight = weights[like] ?? 0;
    item[liked[like] ?? 0] = (item[liked[like] ?? 0] ?? 0) + weight;
    total += weight;
  }
  const category = new Float64Array(items.category.names.length);
  const squares = new Float64Array(category.length + 1);
  for (let at = 0; at < item.length; at++) {
    const share = (item[at] ?? 0) / total;
    const code = items.category.codes[at] ?? -1;
    item[at] = share;
    if (code >= 0) category[code] = (category[code] ?? 0) + share;
    const place = code >= 0 ? code : category.length;
    squares[place] = (squares[place] ?? 0) + share * share;
  }
  return { item, category, squares };
}

function categoryAgreement(counted: readonly Counts[], { category }: Shares): Agreement {
  const sums: Agreement = { expected: 0, shared: 0 };
  for (const { halves } of counted) {
    const [one, other] = halves;
    for (let code = 0; code < category.length; code++) {
      const share = category[code] ?? 0;
      const expected = [one.total * share, other.total * share] as const;
      sums.expected += expected[0] * expected[1];
      sums.shared +=
        ((one.byCategory.get(code) ?? 0) - expected[0]) * ((other.byCategory.get(code) ?? 0) - expected[1]);
    }
  }
  return sums;
}

/** Items that nobody took to are summed up by category: what both halves expect of them; the others are then put right. */
function itemAgreement(
  lifted: readonly { readonly counts: Counts; readonly categories: Float64Array }[],
  { item, category, squares }: Shares,
  items: ItemTable,
): Agreement {
  const sums: Agreement = { expected: 0, shared: 0 };
  for (const { counts, categories } of lifted) {
    const [one, other] = counts.halves;
    let expected = squares[category.length] ?? 0;
    for (let code = 0; code < category.length; code++) {
      expected += Math.exp(2 * (categories[code] ?? 0)) * (squares[code] ?? 0);
    }
    expected *= one.total * other.total;
    sums.expected += expected;
    sums.shared += expected;
    for (const at of new Set([...one.byItem.keys(), ...other.byItem.keys()])) {
      const share = (item[at] ?? 0) * Math.exp(categories[items.category.codes[at] ?? -1] ?? 0);
      const [mine, theirs] = [one.total * share, other.total * share];
      sums.shared += ((one.byItem.get(at) ?? 0) - mine) * ((other.byItem.get(at) ?? 0) - theirs) - mine * theirs;
    }
  }
  return sums;
}

/** Of the items whose share changes most; those that were never taken to in the segment cannot be told from chance. */
function itemLifts(
  counts: Counts,
  categories: Float64Array,
  shape: number,
  shares: Shares,
  items: ItemTable,
  most: number,
): Map<number, number> {
  const [one, other] = counts.halves;
  const total = sum(counts, (half) => half.total);
  const lifts = Array.from(new Set([...one.byItem.keys(), ...other.byItem.keys()]), (item) => {
    const share = (shares.item[item] ?? 0) * Math.exp(categories[items.category.codes[item] ?? -1] ?? 0);
    const count = sum(counts, ({ byItem }) => byItem.get(item) ?? 0);
    const lift = logRatio(count, total * share, shape);
    return { item, lift, change: Math.abs(share * Math.expm1(lift)) };
  });
  return new Map(
    lifts
      .filter(({ lift }) => Math.abs(lift) >= LEAST_LIFT)
      .sort((a, b) => b.change - a.change || a.item - b.item)
      .slice(0, most)
      .map(({ item, lift }) => [item, lift] as const),
  );
}
