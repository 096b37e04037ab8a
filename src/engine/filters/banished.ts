import type { Person } from '../person.js';
import type { Rule } from './rule.js';

/** Items the person hid or reported: out for good, whatever the caller asks for. */
export const banished: Rule<{ readonly person: Pick<Person, 'banished'> }> = {
  name: 'banished',
  judge({ person }) {
    if (person.banished.size === 0) return null;
    return (item) => (person.banished.has(item) ? 'the person hid or reported it' : null);
  },
  mark: ({ person }, masked) => {
    for (const item of person.banished) masked[item] = 1;
  },
};
