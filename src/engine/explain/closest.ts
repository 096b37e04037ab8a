import type { Snapshot } from '../../registry/snapshot.js';
import { cosine } from '../lookup/cosine.js';
import type { Person } from '../person.js';

/** How many of the newest liked items may be named as the reason. */
const SEEDS = 50;
/** From here on the factors of two items speak of the same taste. */
const COSINE_FLOOR = 0.5;
/** Worth of an action from which on it says "liked"; a look says less. */
const LIKED = 1.5;

export interface Closest {
  readonly itemId: string;
  readonly liked: boolean;
}

/** For an item, the newest thing the person liked that is close to it: by co-visitation, else by factors. Null if none. */
export function closestLiked(snapshot: Snapshot, { taste }: Person): (item: number) => Closest | null {
  const { profile } = taste;
  const seeds: { place: number; item: number; weight: number }[] = [];
  for (let place = 0; place < profile.items.length && seeds.length < SEEDS; place++) {
    const worth = profile.worth[place] ?? 0;
    const recency = profile.recency[place] ?? 0;
    if (worth > 0)
      seeds.push({ place, item: profile.items[place] ?? 0, weight: Math.min(worth, LIKED) * (1 + recency) });
  }
  const answer = (seed: { place: number; item: number } | null): Closest | null =>
    seed === null
      ? null
      : { itemId: snapshot.items.ids[seed.item] ?? '', liked: (profile.worth[seed.place] ?? 0) >= LIKED };
  const best = (closeness: (seed: number) => number) => {
    let found: { place: number; item: number } | null = null;
    let highest = 0;
    for (const seed of seeds) {
      const value = seed.weight * closeness(seed.item);
      if (value > highest) {
        found = seed;
        highest = value;
      }
    }
    return found;
  };
  return (item) =>
    answer(best((seed) => neighbourValue(snapshot, seed, item)) ?? best((seed) => sameTaste(snapshot, seed, item)));
}

function neighbourValue({ neighbours }: Snapshot, from: number, to: number): number {
  const end = neighbours.offsets[from + 1] ?? 0;
  for (let at = neighbours.offsets[from] ?? 0; at < end; at++) {
    if (neighbours.indices[at] === to) return neighbours.values[at] ?? 0;
  }
  return 0;
}

function sameTaste({ collaborative }: Snapshot, a: number, b: number): number {
  const value = cosine(collaborative, a, b);
  return value >= COSINE_FLOOR ? value : 0;
}
