import type { Rule } from '../../filters/rule.js';
import type { PeopleBasis } from '../query.js';
import { actedOn } from './actedOn.js';

/** People the person acted on in any way, turning them down included, but for taking back a block. */
export const met: Rule<PeopleBasis> = {
  name: 'met',
  judge(query) {
    if (!query.excludeSeen) return null;
    const out = actedOn(query, (action) => action !== 'UNBLOCK');
    return out.size === 0 ? null : (person) => (out.has(person) ? 'the person acted on them' : null);
  },
};
