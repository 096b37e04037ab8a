import type { UserFilter } from '../../../domain/userFilter.js';
import { word, words } from '../../../registry/peopleTable.js';
import type { Judge, Rule } from '../../filters/rule.js';
import type { Traits } from '../population.js';
import type { PeopleBasis } from '../query.js';

/** The caller's `UserFilter`, on what is known of each person. */
export const userFilter: Rule<Pick<PeopleBasis, 'filter' | 'population'>> = {
  name: 'userFilter',
  judge({ filter, population }): Judge | null {
    const objection = filter === null ? null : objectionOf(filter);
    return objection === null ? null : (person) => objection(population.traitsOf(person));
  },
};

/** Why the filter leaves out someone with such traits, or null; null as a whole when it leaves out nobody. */
export function objectionOf(filter: UserFilter): ((traits: Traits) => string | null) | null {
  const { minAge, maxAge } = filter;
  const place = word(filter.location);
  const genders = new Set(words(filter.gender ?? []));
  const interests = new Set(words(filter.interestsAny ?? []));
  if (minAge === null && maxAge === null && place === null && genders.size === 0 && interests.size === 0) return null;
  return ({ age, gender, location, interests: own }) => {
    if (minAge !== null && !((age ?? -1) >= minAge)) return 'younger than asked for, or of unknown age';
    if (maxAge !== null && (age === null || age > maxAge)) return 'older than asked for, or of unknown age';
    if (place !== null && location !== place) return 'not in the place asked for';
    if (genders.size > 0 && (gender === null || !genders.has(gender))) return 'not of a gender asked for';
    if (interests.size > 0 && !own.some((interest) => interests.has(interest)))
      return 'has none of the interests asked for';
    return null;
  };
}
