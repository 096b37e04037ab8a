import type { User } from '../../domain/entities.js';
import { word, words } from '../../registry/peopleTable.js';
import type { PeopleTable } from '../../registry/snapshot.js';
import type { Interests, InterestVector } from './interests.js';

/** What of a person is compared. Text is normalised as tags are. */
export interface Traits {
  readonly age: number | null;
  readonly gender: string | null;
  readonly location: string | null;
  readonly interests: readonly string[];
}

const UNKNOWN: Traits = { age: null, gender: null, location: null, interests: [] };

/**
 * Everyone that one request may speak of: the people of the version by their index there, and those it does not know,
 * numbered behind them as they are met.
 */
export interface Population {
  readonly table: PeopleTable;
  /** Number of an id; one that was never met gets one. */
  meet(id: string): number;
  /** Number of an id, or -1. */
  indexOf(id: string): number;
  idOf(person: number): string;
  /** What the store says of people; what the version says of its own stands. */
  describe(users: readonly (User | null)[]): void;
  /** Whether the version or the store has said anything of someone. */
  isDescribed(person: number): boolean;
  traitsOf(person: number): Traits;
  /** Cosine of a person's interests with the given ones, 0 to 1. */
  sharedInterests(own: InterestVector, person: number): number;
}

/** Who a version knows when there is none. */
export const NOBODY: PeopleTable = {
  size: 0,
  ids: [],
  indexOf: () => -1,
  age: new Int32Array(0),
  gender: { names: [], codes: new Int32Array(0) },
  location: { names: [], codes: new Int32Array(0) },
  interestNames: [],
  interests: { offsets: new Int32Array(1), indices: new Int32Array(0), values: new Float32Array(0) },
};

export function createPopulation(table: PeopleTable, interests: Interests): Population {
  const met = new Map<string, number>();
  const ids: string[] = [];
  const described = new Map<number, Traits>();
  const indexOf = (id: string): number => {
    const known = table.indexOf(id);
    return known >= 0 ? known : (met.get(id) ?? -1);
  };
  const meet = (id: string): number => {
    const known = indexOf(id);
    if (known >= 0) return known;
    const next = table.size + ids.length;
    met.set(id, next);
    ids.push(id);
    return next;
  };
  return {
    table,
    meet,
    indexOf,
    idOf: (person) => table.ids[person] ?? ids[person - table.size] ?? '',
    describe(users) {
      for (const user of users) if (user !== null) described.set(meet(user.id), traitsOf(user));
    },
    isDescribed: (person) => person < table.size || described.has(person),
    traitsOf: (person) => (person < table.size ? traitsOfRow(table, person) : (described.get(person) ?? UNKNOWN)),
    sharedInterests(own, person) {
      if (own.size === 0) return 0;
      if (person >= table.size) return dot(own, interests.vectorOf(described.get(person)?.interests ?? []));
      const { offsets, indices, values } = table.interests;
      let sum = 0;
      for (let at = offsets[person] ?? 0; at < (offsets[person + 1] ?? 0); at++) {
        sum += (values[at] ?? 0) * (own.get(table.interestNames[indices[at] ?? 0] ?? '') ?? 0);
      }
      return sum;
    },
  };
}

export function traitsOf({
  age,
  gender,
  location,
  interests,
}: Pick<User, 'age' | 'gender' | 'location' | 'interests'>): Traits {
  return { age, gender: word(gender), location: word(location), interests: words(interests) };
}

function traitsOfRow({ age, gender, location, interests, interestNames }: PeopleTable, person: number): Traits {
  const years = age[person] ?? -1;
  const codes = interests.indices.subarray(interests.offsets[person], interests.offsets[person + 1]);
  return {
    age: years < 0 ? null : years,
    gender: gender.names[gender.codes[person] ?? -1] ?? null,
    location: location.names[location.codes[person] ?? -1] ?? null,
    interests: Array.from(codes, (code) => interestNames[code] ?? ''),
  };
}

function dot(a: InterestVector, b: InterestVector): number {
  let sum = 0;
  for (const [name, weight] of a) sum += weight * (b.get(name) ?? 0);
  return sum;
}
