import type { ItemDraft } from '../domain/entities.js';
import type { Random } from '../domain/random.js';
import { createSampler, sigmoid } from './pick.js';
import type { TasteModel } from './taste.js';
import { CATEGORIES } from './words/categories.js';

const NEW_MS = 10 * 24 * 3_600_000;
/** Hours around its peak in which a category is used; elsewhere it keeps a third of its appeal. */
const SEASON_HOURS = 3.5;

/** Where people come across items: each way draws one that exists at `time`, or null when it finds none. */
export interface Shelves {
  popular(random: Random, time: number): ItemDraft | null;
  /** From a category drawn by how much the person likes it and by the hour of the day. */
  liked(random: Random, time: number, liking: ReadonlyMap<string, number>): ItemDraft | null;
  fresh(random: Random, time: number): ItemDraft | null;
  any(random: Random, time: number): ItemDraft | null;
}

/** Popularity has a long tail: a lognormal share for each item, larger for the good ones. */
export function createShelves(items: readonly ItemDraft[], tastes: TasteModel): Shelves {
  const byAge = [...items].sort((a, b) => born(a) - born(b) || (a.id < b.id ? -1 : 1));
  const shelf = (members: readonly ItemDraft[]) => ({
    members,
    sample: members.length === 0 ? null : createSampler(members.map(({ id }) => Math.exp(1.3 * tastes.quality(id)))),
  });
  const all = shelf(byAge);
  const categories = CATEGORIES.map((category) => ({
    category,
    ...shelf(byAge.filter((item) => item.category === category.name)),
  }));
  /** A few tries: an item drawn from the whole catalogue may not have been made yet. */
  const draw = ({ members, sample }: ReturnType<typeof shelf>, random: Random, time: number): ItemDraft | null => {
    for (let tries = 0; sample !== null && tries < 5; tries++) {
      const item = members[sample(random)];
      if (item !== undefined && born(item) <= time) return item;
    }
    return null;
  };
  return {
    popular: (random, time) => draw(all, random, time),
    liked(random, time, liking) {
      const hour = (time / 3_600_000) % 24;
      const weights = categories.map(
        ({ category }) => (liking.get(category.name) ?? 0) * season(category.peakHour, hour),
      );
      const chosen = categories[createSampler(weights)(random)];
      return chosen === undefined ? null : draw(chosen, random, time);
    },
    fresh(random, time) {
      const from = firstBornAfter(byAge, time - NEW_MS);
      const to = firstBornAfter(byAge, time);
      return byAge[from + Math.floor(random() * (to - from))] ?? null;
    },
    any: (random, time) => byAge[Math.floor(random() * firstBornAfter(byAge, time))] ?? null,
  };
}

/** How well an hour suits what peaks at another, 1/3 to 1. */
export function season(peakHour: number, hour: number): number {
  const apart = Math.abs(((hour - peakHour + 36) % 24) - 12);
  return (1 + 2 * sigmoid(2 * (SEASON_HOURS - apart))) / 3;
}

function firstBornAfter(byAge: readonly ItemDraft[], time: number): number {
  let low = 0;
  let high = byAge.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = byAge[middle];
    if (item !== undefined && born(item) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function born(item: ItemDraft): number {
  return item.createdAt?.getTime() ?? 0;
}
