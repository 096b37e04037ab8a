import { DAY_MS } from '../domain/clock.js';
import type { UserDraft } from '../domain/entities.js';
import type { Random } from '../domain/random.js';
import { createSampler, pick } from './pick.js';
import { randomOf, type Taste, tasteOf } from './taste.js';
import { CATEGORIES } from './words/categories.js';
import { CULTURES } from './words/cultures.js';

/** People join over two years, more of them lately. */
const JOINING_DAYS = 730;
const INTERESTS_FROM = 0.25;

export interface Person {
  readonly id: string;
  readonly draft: UserDraft;
  readonly taste: Taste;
}

const sampleCulture = createSampler(CULTURES.map(({ share }) => share));

export const personId = (index: number): string => `user-${index + 1}`;

/** Who a person is follows from the seed and the id alone; only the date of joining is counted back from `now`. */
export function personOf(seed: number, id: string, now: number): Person {
  const random = randomOf(seed, 'person', id);
  const age = 13 + Math.floor(58 * random() ** 2.2);
  const woman = random() < 0.5;
  const culture = CULTURES[sampleCulture(random)] ?? pick(random, CULTURES);
  const name = `${pick(random, woman ? culture.women : culture.men)} ${pick(random, culture.families)}`;
  const location = random() < 0.9 ? pick(random, culture.places) : null;
  const gender = genderOf(random, woman);
  const daysAgo = JOINING_DAYS * random() ** 1.6;
  const taste = tasteOf(seed, id, age);
  const interests = interestsOf(taste);
  return {
    id,
    taste,
    draft: {
      id,
      name,
      age,
      gender,
      location,
      interests,
      bio: bioOf(random, interests, location),
      createdAt: new Date(Math.floor(now - (daysAgo + 0.05) * DAY_MS)),
    },
  };
}

function genderOf(random: Random, woman: boolean): string | null {
  const roll = random();
  if (roll < 0.2) return null;
  if (roll < 0.23) return 'non-binary';
  return woman ? 'female' : 'male';
}

/** The categories they like, strongest first, three at most. */
function interestsOf({ categories }: Taste): string[] {
  const liked = CATEGORIES.map(({ name }) => ({ name, liking: categories.get(name) ?? 0 }));
  return liked
    .filter(({ liking }) => liking >= INTERESTS_FROM)
    .sort((a, b) => b.liking - a.liking)
    .slice(0, 3)
    .map(({ name }) => name);
}

function bioOf(random: Random, interests: readonly string[], location: string | null): string | null {
  const [first = 'anything', second] = interests;
  const town = location?.split(', ')[0];
  const bios = [
    null,
    null,
    `Here for ${first}${second === undefined ? '' : `, staying for ${second}`}.`,
    `${first[0]?.toUpperCase()}${first.slice(1)} before coffee.`,
    town === undefined ? 'Somewhere on a train.' : `${town}, mostly awake.`,
    `Collects ${first} lenses nobody asked for.`,
    second === undefined ? 'One thing at a time.' : `Half ${first}, half ${second}.`,
    'I only save the good ones.',
  ];
  return pick(random, bios);
}
