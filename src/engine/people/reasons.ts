import type { Candidates } from '../../domain/candidates.js';
import type { InterestVector } from './interests.js';
import { type Evidence, evidenceOf, WEIGHTS } from './kinship.js';
import type { Traits } from './population.js';
import type { PeopleQuery } from './query.js';
import { FOLLOWS } from './sources/reciprocal.js';

/** Log-odds from which on a piece of evidence is a reason. */
const ENOUGH = 0.1;
const NAMED_INTERESTS = 3;

/**
 * Why someone is shown, as a sentence. It says nothing of what either person did that the other may not see: no item of
 * anyone's history, and no like.
 */
export function reasonsFor(query: PeopleQuery, candidates: Candidates): (row: number) => string {
  const evidence = evidenceOf(candidates);
  return (row) => {
    const effects = Object.entries(WEIGHTS)
      .map(([name, weight]) => ({ name, effect: weight * (evidence.get(name)?.[row] ?? 0) }))
      .filter(({ effect }) => effect >= ENOUGH)
      .sort((a, b) => b.effect - a.effect);
    for (const { name } of effects) {
      const sentence = sentenceOf(name, query, candidates.items[row] ?? 0, evidence.get(name)?.[row] ?? 0);
      if (sentence !== null) return sentence;
    }
    return 'You may get along';
  };
}

function sentenceOf(name: string, { population, asker }: PeopleQuery, person: number, value: number): string | null {
  const sentences: Readonly<Record<Evidence, () => string | null>> = {
    graph: () => 'Moves in the same circles',
    collaborative: () => 'Likes the same things',
    friends: () => 'Has friends in common',
    reciprocal: () => (value === FOLLOWS ? 'Follows you' : null),
    interests: () => `Shares interests: ${sharedInterests(asker.interests, population.traitsOf(person)).join(', ')}`,
    place: () => 'From the same place',
    age: () => 'About the same age',
    active: () => 'Active lately',
    complete: () => null,
  };
  return Object.entries(sentences).find(([evidence]) => evidence === name)?.[1]() ?? null;
}

/** Those that tell most. */
function sharedInterests(own: InterestVector, { interests }: Traits): string[] {
  return interests
    .filter((interest) => own.has(interest))
    .sort((a, b) => (own.get(b) ?? 0) - (own.get(a) ?? 0))
    .slice(0, NAMED_INTERESTS);
}
