import type { Action } from '../../../domain/actions.js';
import type { PeopleBasis } from '../query.js';

/** Everyone the person ever did such a thing to. */
export function actedOn(
  { asker, population }: Pick<PeopleBasis, 'asker' | 'population'>,
  such: (action: Action) => boolean,
): ReadonlySet<number> {
  const people = new Set<number>();
  for (const { userId, action } of asker.relations.acts) if (such(action)) people.add(population.meet(userId));
  return people;
}
