import type { Filter } from '../../pipeline/stages.js';
import { BLOCKS } from '../hydrators/blocks.js';

/** People who hid, reported or blocked the person. Without its column nobody may be shown. */
export const blockers: Filter<unknown> = {
  name: 'blockers',
  filter(_query, { items, columns }) {
    const blocks = columns.get(BLOCKS);
    if (blocks === undefined) throw new Error('nobody said who blocks the person');
    const rows = Int32Array.from(items.keys());
    const removed = rows.filter((row) => blocks[row] === 1);
    return {
      kept: rows.filter((row) => blocks[row] !== 1),
      removed,
      reasons: Array.from(removed, () => 'they block the person'),
    };
  },
};
