/** Every kind of feedback, in the order of the `action` enum of the database. */
export const ACTIONS = [
  'VIEW',
  'APPLY',
  'LIKE',
  'SAVE',
  'SHARE',
  'SKIP',
  'DISLIKE',
  'HIDE',
  'REPORT',
  'RATE',
  'FOLLOW',
  'UNFOLLOW',
  'BLOCK',
  'UNBLOCK',
] as const;

export type Action = (typeof ACTIONS)[number];

/** Actions that take the item out of the person's lists for good, even with `excludeSeen: false`. */
export const BANISHING: ReadonlySet<Action> = new Set<Action>(['HIDE', 'REPORT']);

/** Actions that only make sense on a person. */
export const SOCIAL: ReadonlySet<Action> = new Set<Action>(['FOLLOW', 'UNFOLLOW', 'BLOCK', 'UNBLOCK']);

/** Actions on a person that keep the two from each other until an `UNBLOCK`. */
export const BLOCKING: ReadonlySet<Action> = new Set<Action>(['HIDE', 'REPORT', 'BLOCK']);
