import type { PeopleTable } from '../../registry/snapshot.js';
import { type Postings, postingsPerTable, type Tagged } from '../../retrieval/postings.js';

/** Interest → how much of a person it makes up; the squares sum to 1. Empty for someone without interests. */
export type InterestVector = ReadonlyMap<string, number>;

/** The interests of a table, and who has them. */
export interface Interests {
  /** By the rarity of each interest in the table; `words` are normalised. */
  vectorOf(words: readonly string[]): InterestVector;
  /** Calls `visit` with people of the table who share at least one of the interests, and the cosine. */
  gather(vector: InterestVector, visit: (person: number, cosine: number) => void): void;
}

/** One per table, made at first use. */
export function interestsPerTable(): (table: PeopleTable) => Interests {
  const made = new WeakMap<PeopleTable, Interests>();
  const postingsOf = postingsPerTable();
  return (table) => {
    const known = made.get(table);
    if (known !== undefined) return known;
    const interests = createInterests(table, postingsOf);
    made.set(table, interests);
    return interests;
  };
}

function createInterests(table: PeopleTable, postingsOf: (table: Tagged) => Postings): Interests {
  const { size, interestNames, interests } = table;
  const tagged = { size, tagNames: interestNames, tags: interests };
  const codeOf = new Map(interestNames.map((name, code) => [name, code]));
  const uses = new Int32Array(interestNames.length);
  for (const code of interests.indices) uses[code] = (uses[code] ?? 0) + 1;
  return {
    vectorOf(words) {
      const weights = words.map((name) => {
        // A table counts those who had the interest when it was made; here there are two more.
        const count = Math.max(2, uses[codeOf.get(name) ?? -1] ?? 0);
        return Math.log(1 + Math.max(2, size) / count);
      });
      const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
      return new Map(words.map((name, at) => [name, (weights[at] ?? 0) / length]));
    },
    gather(vector, visit) {
      const weights = new Map<number, number>();
      for (const [name, weight] of vector) {
        const code = codeOf.get(name);
        if (code !== undefined) weights.set(code, weight);
      }
      postingsOf(tagged).gather(weights, visit);
    },
  };
}
