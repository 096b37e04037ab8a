import type { User } from '../../domain/entities.js';
import type { UserFilter } from '../../domain/userFilter.js';
import { objectionOf } from '../../engine/people/filters/userFilter.js';
import type { Match } from '../../engine/people/matchmaker.js';
import { traitsOf } from '../../engine/people/population.js';
import type { UserLookup } from './types.js';

/** Looked up beyond what is asked for, since now and then one is gone. */
const SPARE = 2;

export interface Presented extends Match {
  readonly user: User;
}

/**
 * The first `first` who are still there, want to be compared with others and are as the filter wants them, as the store knows them now: a list may be older than
 * a change, and a version older than an erasure. One lookup, and a second for all the rest only when the first left
 * places empty.
 */
export async function present(
  people: readonly Match[],
  first: number,
  filter: UserFilter | null,
  lookup: UserLookup,
): Promise<Presented[]> {
  const objection = filter === null ? null : objectionOf(filter);
  const showable = async (some: readonly Match[]): Promise<Presented[]> => {
    if (some.length === 0) return [];
    const users = await lookup(some.map(({ userId }) => userId));
    return some.flatMap((match, at) => {
      const user = users[at] ?? null;
      return user === null || !user.personalised || (objection !== null && objection(traitsOf(user)) !== null)
        ? []
        : [{ ...match, user }];
    });
  };
  const head = first + SPARE;
  const shown = await showable(people.slice(0, head));
  if (shown.length < first) shown.push(...(await showable(people.slice(head))));
  return shown.slice(0, first);
}
