import type { EntityStore } from '../../../store/ports/entityStore.js';
import type { Hydrator } from '../../pipeline/stages.js';
import type { Traits } from '../population.js';
import type { PeopleQuery } from '../query.js';

/** How like the person each candidate is, by what both say of themselves; each 0 to 1. */
export const LIKENESS = ['interests', 'place', 'age', 'complete'] as const;

/** Two people so many years apart are half as close in age as two of one age. */
const HALF_AGE = 6;

/** Reads what the store says of those whom the version does not know, in one call, and compares everyone. */
export function likeness(entities: Pick<EntityStore, 'users'>): Hydrator<PeopleQuery> {
  return {
    name: 'likeness',
    async hydrate({ tenant, asker, population }, { items }) {
      const strangers = Array.from(
        items.filter((person) => !population.isDescribed(person)),
        population.idOf,
      );
      if (strangers.length > 0) population.describe(await entities.users(tenant, strangers));
      const traits = Array.from(items, population.traitsOf);
      const own = asker.traits;
      const measures: Readonly<Record<(typeof LIKENESS)[number], Float32Array>> = {
        interests: Float32Array.from(items, (person) => population.sharedInterests(asker.interests, person)),
        place: Float32Array.from(traits, ({ location }) => (location !== null && location === own.location ? 1 : 0)),
        age: Float32Array.from(traits, ({ age }) => closeInAge(own.age, age)),
        complete: Float32Array.from(traits, completeness),
      };
      return { items, columns: new Map(LIKENESS.map((name) => [name, measures[name]])) };
    },
  };
}

function closeInAge(own: number | null, other: number | null): number {
  return own === null || other === null ? 0 : 0.5 ** (Math.abs(own - other) / HALF_AGE);
}

/** How much of a profile is filled in. */
export function completeness({ age, gender, location, interests }: Traits): number {
  const filled = [age !== null, gender !== null, location !== null, interests.length > 0];
  return filled.filter(Boolean).length / filled.length;
}
