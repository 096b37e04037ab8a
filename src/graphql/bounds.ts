/** Bounds of arguments. Resolvers refuse what lies outside; the limits on operations reckon with the largest. */
export const MAX_FIRST = 100;
export const DEFAULT_FIRST = 10;
export const DEFAULT_HISTORY = 20;
/** `Item.similar`, which stands inside lists. */
export const MAX_SIMILAR = 20;
export const MAX_SUGGESTIONS = 20;
/** `items(ids)`. */
export const MAX_IDS = 100;
/** Lists in filters, and `excludeIds`. */
export const MAX_LIST = 1_000;
/** Rows of one bulk write, events of one batch. */
export { MAX_BATCH } from '../limits/limits.js';
/** Years of a person. */
export const MAX_AGE = 150;
export const MAX_TEXT = 256;
