import { BANISHING } from '../../../domain/actions.js';
import type { Rule } from '../../filters/rule.js';
import type { PeopleBasis } from '../query.js';
import { actedOn } from './actedOn.js';

/** People the person hid or reported: out for good, whatever the caller asks for. */
export const blocked: Rule<PeopleBasis> = {
  name: 'blocked',
  judge(query) {
    const out = actedOn(query, (action) => BANISHING.has(action));
    return out.size === 0 ? null : (person) => (out.has(person) ? 'the person hid or reported them' : null);
  },
};
