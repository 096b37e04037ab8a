import { FEATURES } from '../../features/index.js';
import type { ItemTable, Snapshot } from '../../registry/snapshot.js';
import { keepBest } from '../../retrieval/best.js';
import type { Person } from '../person.js';
import { type Closest, closestLiked } from './closest.js';
import type { FeatureEffect } from './effects.js';

/** Why an item is shown, ready to become a sentence once titles are known. */
export interface Reason {
  /** Stands alone. */
  readonly text: string;
  /** What the person did that speaks for it: with its title there is a better sentence. */
  readonly because: Closest | null;
}

/** Log-odds from which on a personal feature is a reason. */
const ENOUGH = 0.1;
const NAMED_TAGS = 2;
/** Features that say how many people took to an item. */
const POPULARITY: ReadonlySet<string> = new Set(['popularity', 'newcomer_popularity']);
const MEANINGS: ReadonlyMap<string, string> = new Map(FEATURES.map(({ name, meaning }) => [name, sentence(meaning)]));
const PERSONAL = FEATURES.filter((feature) => feature.personal);

type Say = (item: number) => Reason | null;

/** Makes reasons for one request. `effects` largest first. Personal evidence goes before popularity. */
export function reasonsFor(
  snapshot: Snapshot,
  person: Person,
): (item: number, effects: readonly FeatureEffect[], risingNow: boolean) => Reason {
  const closest = closestLiked(snapshot, person);
  const because =
    (text: string): Say =>
    (item) => ({ text, because: closest(item) });
  const personal: ReadonlyMap<string, Say> = new Map([
    ...PERSONAL.map(({ name, meaning }) => [name, because(sentence(meaning))] as const),
    ['tag_affinity', (item) => sayTags(likedTags(snapshot.items, person, item))],
    ['category_affinity', (item) => sayCategory(snapshot.items, item)],
  ]);
  return (item, effects, risingNow) => {
    for (const { feature, effect } of effects) {
      const reason = effect >= ENOUGH ? personal.get(feature)?.(item) : null;
      if (reason) return reason;
    }
    if (risingNow) return plain('Rising right now');
    const strongest = effects.find(({ feature, effect }) => effect > 0 && !personal.has(feature))?.feature;
    if (strongest === undefined || POPULARITY.has(strongest)) return plain('Popular right now');
    return plain(MEANINGS.get(strongest) ?? 'Picked for you');
  };
}

/** `title` is that of `closest`. */
export function becauseOf(title: string, { liked }: Pick<Closest, 'liked'>): string {
  return `Because you ${liked ? 'liked' : 'looked at'} ${title}`;
}

function likedTags({ tags, tagNames }: ItemTable, { taste }: Person, item: number): string[] {
  const best = keepBest(NAMED_TAGS);
  for (let at = tags.offsets[item] ?? 0; at < (tags.offsets[item + 1] ?? 0); at++) {
    const tag = tags.indices[at] ?? 0;
    const liking = (taste.tags[tag] ?? 0) * (tags.values[at] ?? 0);
    if (liking > 0) best.offer(tag, liking);
  }
  return Array.from(best.take().items, (tag) => tagNames[tag] ?? '');
}

function sayTags(names: readonly string[]): Reason | null {
  return names.length === 0 ? null : plain(`Shares tags you like: ${names.join(', ')}`);
}

function sayCategory({ category }: ItemTable, item: number): Reason | null {
  const name = category.names[category.codes[item] ?? -1];
  return name === undefined ? null : plain(`Because you like ${name}`);
}

function plain(text: string): Reason {
  return { text, because: null };
}

function sentence(meaning: string): string {
  return meaning.charAt(0).toUpperCase() + meaning.slice(1);
}
