import type { CompiledRules } from '../rules/compiled.js';
import type { Rule } from './rule.js';

/** Items that a rule of the business keeps out. */
export const forbidden: Rule<{ readonly rules: Pick<CompiledRules, 'excludedBy' | 'ids'> }> = {
  name: 'forbidden',
  judge({ rules: { excludedBy, ids } }) {
    if (excludedBy === null) return null;
    return (item) => {
      const place = excludedBy[item] ?? 0;
      return place === 0 ? null : `the rule ${ids[place - 1]} excludes it`;
    };
  },
  mark: ({ rules: { excludedBy } }, masked) => {
    if (excludedBy === null) return;
    for (let item = 0; item < masked.length; item++) if (excludedBy[item] !== 0) masked[item] = 1;
  },
};
