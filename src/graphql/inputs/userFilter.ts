import { badInput } from '../../domain/errors.js';
import type { UserFilter as UserFilterInput } from '../../generated/graphql.js';
import type { UserFilter } from '../../services/people/types.js';
import { numberOrNull, textOrNull, wordsOrNull } from '../arguments.js';
import { MAX_AGE } from '../bounds.js';

/** @throws CurioError BAD_USER_INPUT naming the member. */
export function userFilter(input: UserFilterInput | null | undefined): UserFilter | null {
  if (input == null) return null;
  const minAge = numberOrNull('filter.minAge', input.minAge, { min: 0, max: MAX_AGE });
  const maxAge = numberOrNull('filter.maxAge', input.maxAge, { min: 0, max: MAX_AGE });
  if (minAge !== null && maxAge !== null && minAge > maxAge) {
    throw badInput('filter.minAge', `must be at most filter.maxAge, got ${minAge} and ${maxAge}`);
  }
  return {
    minAge,
    maxAge,
    location: textOrNull('filter.location', input.location),
    gender: wordsOrNull('filter.gender', input.gender),
    interestsAny: wordsOrNull('filter.interestsAny', input.interestsAny),
  };
}
