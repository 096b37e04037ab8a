import type { Snapshot } from '../../registry/snapshot.js';
import type { Rule } from './rule.js';

/** Items that were hidden from everyone since the version was made. */
export const hidden: Rule<{ readonly snapshot: Pick<Snapshot, 'items'> }> = {
  name: 'hidden',
  judge({ snapshot: { items } }) {
    if (items.hidden.size === 0) return null;
    return (item) => (items.hidden.has(item) ? 'it is hidden' : null);
  },
  mark({ snapshot: { items } }, masked) {
    for (const item of items.hidden) masked[item] = 1;
  },
};
