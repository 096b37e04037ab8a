import { BANISHING } from '../domain/actions.js';
import type { PersonFacts } from '../domain/entities.js';
import type { ItemEvent } from '../domain/events.js';
import { buildProfile } from '../features/profile.js';
import { buildTaste, type Taste } from '../features/taste.js';
import type { ItemTable, Snapshot } from '../registry/snapshot.js';
import { type Impressions, NO_IMPRESSIONS } from './live/impressions.js';

/** One person as one snapshot sees them. */
export interface Person {
  readonly taste: Taste;
  /** Every item they acted on. */
  readonly seen: ReadonlySet<number>;
  /** Items they never want to meet again. */
  readonly banished: ReadonlySet<number>;
  /** How often each item was shown to them lately, since they last acted on it; only what is above 0. */
  readonly impressions: ReadonlyMap<number, number>;
}

/** `events` newest first. Items the snapshot does not know are passed over. */
export function readPerson(
  events: readonly ItemEvent[],
  snapshot: Snapshot,
  shown: Impressions = NO_IMPRESSIONS,
  facts: PersonFacts | null = null,
): Person {
  const seen = new Set<number>();
  const banished = new Set<number>();
  const impressions = denseCounts(shown, snapshot.items);
  for (const { itemId, action, occurredAt } of events) {
    const item = snapshot.items.indexOf(itemId);
    if (item < 0) continue;
    if (impressions.has(item) && !seen.has(item)) {
      const since = shownSince(shown, itemId, occurredAt);
      if (since === 0) impressions.delete(item);
      else impressions.set(item, since);
    }
    seen.add(item);
    if (BANISHING.has(action)) banished.add(item);
  }
  const taste = buildTaste(buildProfile(events, snapshot.items), snapshot, facts?.interests ?? []);
  return { taste, seen, banished, impressions };
}

function denseCounts({ counts }: Impressions, items: ItemTable): Map<number, number> {
  const dense = new Map<number, number>();
  for (const [itemId, count] of counts) {
    const item = items.indexOf(itemId);
    if (item >= 0) dense.set(item, count);
  }
  return dense;
}

function shownSince({ lists }: Impressions, itemId: string, moment: number): number {
  let count = 0;
  for (const { shownAt, itemIds } of lists) if (shownAt > moment && itemIds.includes(itemId)) count++;
  return count;
}

/** True for someone of whom the snapshot knows nothing that could tell their taste. */
export function isStranger({ taste }: Person): boolean {
  return taste.profile.items.length === 0;
}
