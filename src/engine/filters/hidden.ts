import type { Snapshot } from '../../registry/snapshot.js';
import type { Rule } from './rule.js';

/** Items that were hidden from everyone since the version was made. */
export const hidden: Rule<{ readonly snapshot: Pick<Snapshot, 'items'> }> = {
  name: 'hidden',
  judge({ snapshot: { items } }) {
    const gone = items.shelf?.gone;
    if (gone === undefined || gone.size === 0) return null;
    return (item) => (gone.has(item) ? 'it is hidden' : null);
  },
  mark({ snapshot: { items } }, masked) {
    for (const item of items.shelf?.gone ?? []) masked[item] = 1;
  },
};
