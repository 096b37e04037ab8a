import type { Rule } from './rule.js';

/** Items the caller named. */
export const excluded: Rule<{ readonly excluded: ReadonlySet<number> }> = {
  name: 'excluded',
  judge({ excluded }) {
    if (excluded.size === 0) return null;
    return (item) => (excluded.has(item) ? 'the caller excluded it' : null);
  },
  mark: ({ excluded }, masked) => {
    for (const item of excluded) masked[item] = 1;
  },
};
