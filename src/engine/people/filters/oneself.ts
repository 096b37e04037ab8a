import type { Rule } from '../../filters/rule.js';
import type { PeopleBasis } from '../query.js';

/** Whoever others are compared with. */
export const oneself: Rule<Pick<PeopleBasis, 'asker'>> = {
  name: 'oneself',
  judge:
    ({ asker }) =>
    (person) =>
      person === asker.person ? 'it is the person themself' : null,
};
