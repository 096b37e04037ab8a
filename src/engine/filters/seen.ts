import type { Person } from '../person.js';
import type { Rule } from './rule.js';

/** Items the person acted on in any way, turning them down included. */
export const seen: Rule<{ readonly person: Pick<Person, 'seen'>; readonly excludeSeen: boolean }> = {
  name: 'seen',
  judge({ person, excludeSeen }) {
    if (!excludeSeen || person.seen.size === 0) return null;
    return (item) => (person.seen.has(item) ? 'the person acted on it' : null);
  },
  mark: ({ person, excludeSeen }, masked) => {
    if (excludeSeen) for (const item of person.seen) masked[item] = 1;
  },
};
