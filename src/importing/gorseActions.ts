import type { Action } from '../domain/actions.js';
import { quote, RowError } from './fields.js';

/** Gorse lets everyone name their own feedback types; these are the ones its examples and users commonly have. */
const TYPES: Readonly<Record<string, Action>> = {
  read: 'VIEW',
  view: 'VIEW',
  click: 'VIEW',
  watch: 'VIEW',
  play: 'VIEW',
  listen: 'VIEW',
  visit: 'VIEW',
  apply: 'APPLY',
  use: 'APPLY',
  download: 'APPLY',
  purchase: 'APPLY',
  buy: 'APPLY',
  like: 'LIKE',
  love: 'LIKE',
  upvote: 'LIKE',
  star: 'SAVE',
  save: 'SAVE',
  favorite: 'SAVE',
  favourite: 'SAVE',
  bookmark: 'SAVE',
  collect: 'SAVE',
  cart: 'SAVE',
  add_to_cart: 'SAVE',
  wish_list: 'SAVE',
  wishlist: 'SAVE',
  share: 'SHARE',
  forward: 'SHARE',
  skip: 'SKIP',
  dislike: 'DISLIKE',
  downvote: 'DISLIKE',
  hide: 'HIDE',
  not_interested: 'HIDE',
  report: 'REPORT',
  rate: 'RATE',
  rating: 'RATE',
};
const ACTION_OF: ReadonlyMap<string, Action> = new Map(Object.entries(TYPES));

/** @throws RowError naming the types that are known. */
export function gorseAction(type: unknown): Action {
  const action = typeof type === 'string' ? ACTION_OF.get(type.trim().toLowerCase()) : undefined;
  if (action !== undefined) return action;
  throw new RowError(`FeedbackType must be one of ${[...ACTION_OF.keys()].join(', ')}, got ${quote(type)}`);
}
