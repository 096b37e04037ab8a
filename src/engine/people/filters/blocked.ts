import { BLOCKING } from '../../../domain/actions.js';
import type { Rule } from '../../filters/rule.js';
import type { PeopleBasis } from '../query.js';

/** People the person hid, reported or blocked, and did not unblock since: out whatever the caller asks for. */
export const blocked: Rule<PeopleBasis> = {
  name: 'blocked',
  judge({ asker, population }) {
    const freed = new Set<string>();
    const out = new Set<number>();
    // Newest first: what was done to someone before they were unblocked no longer counts.
    for (const { userId, action } of asker.relations.acts) {
      if (action === 'UNBLOCK') freed.add(userId);
      else if (BLOCKING.has(action) && !freed.has(userId)) out.add(population.meet(userId));
    }
    return out.size === 0 ? null : (person) => (out.has(person) ? 'the person blocks them' : null);
  },
};
