import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { unburied } from './unburied.js';

/** Of so many places in a row … */
const WINDOW = 10;
/** … no more than these share an author, a category. */
const MOST_OF_AUTHOR = 3;
const MOST_OF_CATEGORY = 6;
/** How far down the list a place looks for something else, in times what is shown. */
const REACH = 3;
const LEAST_REACH = 100;

/**
 * Keeps one author or category from filling the head of a list: of any ten places in a row that are shown no more than three
 * go to one author and six to one category. Each place goes to the first that keeps to that; where none does, to the first,
 * so that a list of one author stays whole. Not for who asks for the order of the scores (`diversity: 0`).
 */
export const caps: Reranker<RankingQuery> = {
  name: 'caps',
  rerank({ snapshot, diversity, first, rules }, { items }, { order, scores }) {
    const { author, category } = snapshot.items;
    const reach = Math.min(Math.max(LEAST_REACH, REACH * first), unburied(rules, items, order));
    const moved = new Map<number, string>();
    if (diversity <= 0 || reach <= MOST_OF_AUTHOR) return { order, scores, moved };
    const authors = codesOf(author.codes, items, order, reach);
    const categories = codesOf(category.codes, items, order, reach);
    const taken = new Uint8Array(reach);
    const chosen: number[] = [];
    const places = Math.min(first, reach);
    let start = 0;
    while (chosen.length < places) {
      while (taken[start] === 1) start++;
      let from = start;
      while (from < reach && (taken[from] === 1 || full(chosen, authors, categories, from))) from++;
      if (from === reach) from = start;
      taken[from] = 1;
      chosen.push(from);
    }
    if (chosen.every((from, to) => from === to)) return { order, scores, moved };
    const result = order.slice();
    chosen.forEach((from, to) => {
      const row = order[from] ?? 0;
      result[to] = row;
      if (from !== to) moved.set(row, `caps: position ${from} to ${to}`);
    });
    let to = places;
    for (let from = 0; from < reach; from++) if (taken[from] === 0) result[to++] = order[from] ?? 0;
    return { order: result, scores, moved };
  },
};

function codesOf(codes: Int32Array, items: Int32Array, order: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count);
  for (let place = 0; place < count; place++) out[place] = codes[items[order[place] ?? 0] ?? 0] ?? -1;
  return out;
}

/** Whether the last places have as many of its author or category as may be. Who has neither is never too many. */
function full(chosen: readonly number[], authors: Int32Array, categories: Int32Array, from: number): boolean {
  const author = authors[from] ?? -1;
  const category = categories[from] ?? -1;
  let ofAuthor = 0;
  let ofCategory = 0;
  for (let at = Math.max(0, chosen.length - WINDOW + 1); at < chosen.length; at++) {
    const place = chosen[at] ?? 0;
    if (author >= 0 && authors[place] === author) ofAuthor++;
    if (category >= 0 && categories[place] === category) ofCategory++;
  }
  return ofAuthor >= MOST_OF_AUTHOR || ofCategory >= MOST_OF_CATEGORY;
}
