import { hash32 } from '../../domain/random.js';
import type { Glimpse } from '../../domain/shown.js';
import { fatigueSteps } from '../fatigue.js';

/** What one person was shown lately. A list that is shown while one holds it may be added to it. */
export interface Impressions {
  /** Item → in how many of the lists it stood. */
  readonly counts: ReadonlyMap<string, number>;
  /** Oldest first. */
  readonly lists: readonly Glimpse[];
  /** Changes when the fatigue of some item does: part of the key of every list they shape. Equal on all nodes. */
  readonly mark: number;
}

export const NO_IMPRESSIONS: Impressions = { counts: new Map(), lists: [], mark: 0 };

export interface GrowingImpressions extends Impressions {
  /** Entries of all lists. */
  readonly size: number;
  /** A list that is known already changes nothing. */
  add(list: Glimpse): void;
  /** Forgets lists from before that moment (epoch milliseconds). */
  forgetBefore(moment: number): void;
}

/** Keeps the newest `most` lists. */
export function growImpressions(most: number): GrowingImpressions {
  const counts = new Map<string, number>();
  const lists: Glimpse[] = [];
  let mark = 0;
  let size = 0;

  const change = (itemId: string, by: number) => {
    const before = counts.get(itemId) ?? 0;
    const after = before + by;
    if (after === 0) counts.delete(itemId);
    else counts.set(itemId, after);
    size += by;
    const [from, to] = [fatigueSteps(before), fatigueSteps(after)];
    // The order of additions does not matter, and taking one back undoes it.
    if (from !== to) mark = (mark ^ stepHash(itemId, from) ^ stepHash(itemId, to)) >>> 0;
  };
  const dropOldest = () => {
    for (const itemId of lists.shift()?.itemIds ?? []) change(itemId, -1);
  };

  return {
    counts,
    lists,
    get mark() {
      return mark;
    },
    get size() {
      return size;
    },
    add(list) {
      if (lists.some(({ requestId }) => requestId === list.requestId)) return;
      let at = lists.length;
      while (at > 0 && (lists[at - 1]?.shownAt ?? 0) > list.shownAt) at--;
      if (at === 0 && lists.length >= most) return;
      lists.splice(at, 0, list);
      for (const itemId of list.itemIds) change(itemId, 1);
      if (lists.length > most) dropOldest();
    },
    forgetBefore(moment) {
      while (lists.length > 0 && (lists[0]?.shownAt ?? 0) < moment) dropOldest();
    },
  };
}

function stepHash(itemId: string, steps: number): number {
  return steps === 0 ? 0 : hash32(`${steps}:${itemId}`);
}
