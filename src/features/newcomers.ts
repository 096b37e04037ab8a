import type { Profile } from './profile.js';
import { segmentLift } from './segmentLift.js';
import { NEWCOMER, type Setting } from './setting.js';
import type { Catalogue } from './taste.js';

/** After this many items what newcomers like says half as much. */
const HALF_KNOWN_ITEMS = 5;

/** How much of a newcomer someone is: 1 for a stranger, falling as their profile grows. */
export function newcomerShare({ items }: Profile): number {
  return HALF_KNOWN_ITEMS / (HALF_KNOWN_ITEMS + items.length);
}

/** Popularity of an item with people who are as new as `share` says: between everyone's (0) and newcomers' own (1). */
export function popularityFor(
  share: number,
  { segments, popularPrior }: Catalogue,
  setting: Setting,
): (item: number) => number {
  const row = setting.get(NEWCOMER);
  if (segments === null || row === undefined) return (item) => popularPrior[item] ?? 0;
  return (item) => (popularPrior[item] ?? 0) * Math.exp(share * segmentLift(segments, row, item, -1));
}
