import { DAY_MS } from '../domain/clock.js';
import type { ItemDraft } from '../domain/entities.js';
import type { Random } from '../domain/random.js';
import { createSampler, pick, pickSome } from './pick.js';
import { randomOf } from './taste.js';
import { ADJECTIVES, CATEGORIES, ENDINGS, STYLES } from './words/categories.js';

const AGE_DAYS = 500;
/** One in this many lenses is from the last week, so that there is something new to find. */
const NEW_ONE_IN = 20;

export const lensId = (index: number): string => `lens-${index + 1}`;

const sampleCategory = createSampler(CATEGORIES.map(({ share }) => share));

/**
 * A lens follows from the seed and its id; only its date is counted back from `now`.
 * @param authors ids of the people who make lenses; the first ones make most of them
 */
export function lensOf(seed: number, id: string, authors: readonly string[], now: number): ItemDraft {
  const random = randomOf(seed, 'lens', id);
  const category = CATEGORIES[sampleCategory(random)] ?? pick(random, CATEGORIES);
  const [subject, subjectTag] = pick(random, category.subjects);
  const style = pick(random, STYLES);
  const tags = [subjectTag, ...pickSome(random, category.moods, 1 + Math.floor(2 * random())), style];
  const daysAgo = random() * NEW_ONE_IN < 1 ? 7 * random() : 7 + AGE_DAYS * random() ** 1.5;
  const authorId = authors[Math.floor(authors.length * random() ** 2)] ?? null;
  return {
    id,
    kind: 'lens',
    title: titleOf(random, subject),
    description: pick(random, category.blurbs).replaceAll('$', subject),
    category: category.name,
    tags: [...new Set(tags)],
    previewUrl: `/previews/${id}.svg`,
    authorId,
    attributes: {
      faces: random() < 0.8 ? 1 : 2,
      mode: random() < 0.75 ? 'front' : 'rear',
      sound: category.name === 'music' || random() < 0.15,
    },
    createdAt: new Date(Math.floor(now - (daysAgo + 0.02) * DAY_MS)),
  };
}

function titleOf(random: Random, subject: string): string {
  const adjective = pick(random, ADJECTIVES);
  const ending = pick(random, ENDINGS);
  const forms = [
    `${adjective} ${subject}`,
    `${adjective} ${subject}`,
    `${subject} ${ending}`,
    `${adjective} ${subject} ${ending}`,
    `${subject} No. ${2 + Math.floor(8 * random())}`,
  ];
  return pick(random, forms);
}
