import type { Rule } from './rule.js';

/** The item that others are compared with. */
export const self: Rule<{ readonly item: number }> = {
  name: 'self',
  judge: (query) => (item) => (item === query.item ? 'it is the item itself' : null),
};
