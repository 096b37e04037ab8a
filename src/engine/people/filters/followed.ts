import type { Rule } from '../../filters/rule.js';
import type { PeopleBasis } from '../query.js';

/** People the person follows already. */
export const followed: Rule<Pick<PeopleBasis, 'asker' | 'population'>> = {
  name: 'followed',
  judge({ asker, population }) {
    const out = new Set(asker.relations.followees.map((id) => population.meet(id)));
    return out.size === 0 ? null : (person) => (out.has(person) ? 'the person follows them' : null);
  },
};
