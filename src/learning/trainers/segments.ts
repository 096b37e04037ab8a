import { DAY_MS } from '../../domain/clock.js';
import { openSegments } from '../../registry/parts/segments.js';
import type { ItemTable, SegmentModel } from '../../registry/snapshot.js';
import { breathe } from '../breathe.js';
import type { CircumstanceColumn } from '../examples/circumstances.js';
import type { EventColumns } from '../examples/eventColumns.js';
import { firstLikes } from '../examples/firstLikes.js';
import { positiveWorth } from '../examples/positiveWorth.js';
import { type Dispersion, logRatio, shapeOf } from './gammaPoisson.js';
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
 * beyond it an item, is taken to. Ratios are drawn to 1 by how much they vary within their kind (empirical Bayes, see
 * `shapeOf`), so that a rare circumstance says little. `newcomer` is a segment of its own, see `newcomerLifts`. Of the
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

/** One value's likes, in numbers that vary as counts do: weights are divided by their mean, weighted by themselves. */
interface Counts {
  readonly value: string;
  readonly total: number;
  readonly byItem: ReadonlyMap<number, number>;
  readonly byCategory: ReadonlyMap<number, number>;
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
  const categoryShape = shapeOf(categoryDispersion(counted, shares));
  const lifted = counted.map((counts) => ({
    counts,
    categories: Float64Array.from(shares.category, (share, category) =>
      logRatio(counts.byCategory.get(category) ?? 0, counts.total * share, categoryShape),
    ),
  }));
  const itemShape = shapeOf(itemDispersion(lifted, shares, items));
  return lifted.map(({ counts, categories }) => ({
    value: counts.value,
    categories: new Map([...categories.entries()].filter(([, lift]) => Math.abs(lift) >= LEAST_LIFT)),
    items: itemLifts(counts, categories, itemShape, shares, items, parameters.itemsPerSegment),
  }));
}

function countByValue({ values, codes }: CircumstanceColumn, likes: Likes, items: ItemTable, least: number): Counts[] {
  const places: number[][] = values.map(() => []);
  for (let like = 0; like < likes.events.length; like++) {
    const code = codes[likes.events[like] ?? 0] ?? -1;
    if (code >= 0) places[code]?.push(like);
  }
  const counted = values.flatMap((value, code): Counts[] => {
    const own = places[code] ?? [];
    let total = 0;
    let squares = 0;
    for (const like of own) {
      total += likes.weights[like] ?? 0;
      squares += (likes.weights[like] ?? 0) ** 2;
    }
    const unit = squares / total;
    if (!(total / unit >= least)) return [];
    const byItem = new Map<number, number>();
    const byCategory = new Map<number, number>();
    for (const like of own) {
      const item = likes.items[like] ?? 0;
      const weight = (likes.weights[like] ?? 0) / unit;
      byItem.set(item, (byItem.get(item) ?? 0) + weight);
      const category = items.category.codes[item] ?? -1;
      if (category >= 0) byCategory.set(category, (byCategory.get(category) ?? 0) + weight);
    }
    return [{ value, total: total / unit, byItem, byCategory }];
  });
  return counted.sort((a, b) => (a.value < b.value ? -1 : 1));
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

function categoryDispersion(counted: readonly Counts[], { category }: Shares): Dispersion {
  const sums: Dispersion = { expectedSquares: 0, excess: 0 };
  for (const { total, byCategory } of counted) {
    for (let code = 0; code < category.length; code++) {
      const expected = total * (category[code] ?? 0);
      sums.expectedSquares += expected * expected;
      sums.excess += ((byCategory.get(code) ?? 0) - expected) ** 2 - expected;
    }
  }
  return sums;
}

/** Items without a count are summed up by category: Σ E² and Σ E over all, then the touched ones are put right. */
function itemDispersion(
  lifted: readonly { readonly counts: Counts; readonly categories: Float64Array }[],
  { item, category, squares }: Shares,
  items: ItemTable,
): Dispersion {
  const sums: Dispersion = { expectedSquares: 0, excess: 0 };
  for (const { counts, categories } of lifted) {
    const { total, byItem } = counts;
    let uncategorised = 1;
    for (let code = 0; code < category.length; code++) {
      const ratio = Math.exp(categories[code] ?? 0);
      const all = (total * ratio) ** 2 * (squares[code] ?? 0);
      uncategorised -= category[code] ?? 0;
      sums.expectedSquares += all;
      sums.excess += all - total * ratio * (category[code] ?? 0);
    }
    const rest = total ** 2 * (squares[category.length] ?? 0);
    sums.expectedSquares += rest;
    sums.excess += rest - total * Math.max(0, uncategorised);
    for (const [at, found] of byItem) {
      const expected = total * (item[at] ?? 0) * Math.exp(categories[items.category.codes[at] ?? -1] ?? 0);
      sums.excess += (found - expected) ** 2 - expected ** 2;
    }
  }
  return sums;
}

/** Of the items whose share changes most; those that were never taken to in the segment cannot be told from chance. */
function itemLifts(
  { total, byItem }: Counts,
  categories: Float64Array,
  shape: number,
  shares: Shares,
  items: ItemTable,
  most: number,
): Map<number, number> {
  const lifts = [...byItem].map(([item, count]) => {
    const share = (shares.item[item] ?? 0) * Math.exp(categories[items.category.codes[item] ?? -1] ?? 0);
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
