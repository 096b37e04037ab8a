import type { Action } from '../domain/actions.js';

/** What an action says about preference: share > save > like > apply > view; below zero it speaks against. */
const WORTH: Readonly<Record<Exclude<Action, 'RATE'>, number>> = {
  VIEW: 1,
  APPLY: 2,
  LIKE: 3,
  SAVE: 4,
  SHARE: 5,
  FOLLOW: 3,
  SKIP: -1,
  UNFOLLOW: -2,
  BLOCK: -5,
  UNBLOCK: 0,
  DISLIKE: -3,
  HIDE: -4,
  REPORT: -5,
};

/** From here on an action is an opinion: the newest one about an item decides. */
const OPINION = 2;

/**
 * Worth of one event. A rating of 0 to 5 is worth 3 at five stars, 0.5 at three, and speaks against below.
 * A rating without a value says nothing.
 */
export function worthOf(action: Action, value: number | null): number {
  if (action !== 'RATE') return WORTH[action];
  if (value === null || Number.isNaN(value)) return 0;
  return value >= 3 ? 0.5 + (value - 3) * 1.25 : value - 3;
}

/** From here on an action says that the person took to the item: more than a look. */
export const POSITIVE_WORTH = 1.5;

/** Whether the event counts towards popularity. */
export function isPositive(action: Action, value: number | null): boolean {
  return worthOf(action, value) >= POSITIVE_WORTH;
}

/**
 * Folds an older event into what newer events already said of the same item. Events are given newest first; start
 * with `undefined`. The newest opinion decides; without one, the strongest hint does.
 */
export function foldWorth(newer: number | undefined, older: number): number {
  if (newer === undefined) return older;
  if (Math.abs(newer) >= OPINION) return newer;
  return Math.abs(older) > Math.abs(newer) ? older : newer;
}
