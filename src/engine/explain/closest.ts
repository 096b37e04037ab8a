import type { Snapshot } from '../../registry/snapshot.js';
import { cosine } from '../lookup/cosine.js';
import { dotWith } from '../lookup/sparse.js';
import type { Person } from '../person.js';

/** From here on the factors of two items speak of the same taste. */
const COSINE_FLOOR = 0.5;
/** Worth of an action from which on it says "liked"; a look says less. */
const LIKED = 1.5;

export interface Closest {
  readonly itemId: string;
  readonly liked: boolean;
}

/**
 * For an item, the thing the person liked that is closest to it: among its own neighbours, else by factors. Newer ones,
 * and those with the same tags, are named first. Null if nothing is close.
 */
export function closestLiked(snapshot: Snapshot, { taste }: Person): (item: number) => Closest | null {
  const { profile } = taste;
  const seeds = new Map<number, { readonly worth: number; readonly weight: number }>();
  for (let place = 0; place < profile.items.length; place++) {
    const worth = profile.worth[place] ?? 0;
    if (worth <= 0) continue;
    seeds.set(profile.items[place] ?? 0, {
      worth,
      weight: Math.min(worth, LIKED) * (1 + (profile.recency[place] ?? 0)),
    });
  }
  return (item) => {
    const tagsOf = dotWith(snapshot.items.tags, item);
    let closest: Closest | null = null;
    let highest = 0;
    const offer = (seed: number, closeness: number) => {
      const known = seeds.get(seed);
      if (known === undefined || closeness <= 0) return;
      const value = known.weight * closeness * (0.5 + tagsOf(seed));
      if (value <= highest) return;
      highest = value;
      closest = { itemId: snapshot.items.ids[seed] ?? '', liked: known.worth >= LIKED };
    };
    const { offsets, indices, values } = snapshot.neighbours;
    for (let at = offsets[item] ?? 0; at < (offsets[item + 1] ?? 0); at++) offer(indices[at] ?? 0, values[at] ?? 0);
    if (closest === null) for (const seed of seeds.keys()) offer(seed, sameTaste(snapshot, seed, item));
    return closest;
  };
}

function sameTaste({ collaborative }: Snapshot, a: number, b: number): number {
  const value = cosine(collaborative, a, b);
  return value >= COSINE_FLOOR ? value : 0;
}
