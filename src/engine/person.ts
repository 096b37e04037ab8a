import { BANISHING } from '../domain/actions.js';
import type { ItemEvent } from '../domain/events.js';
import { buildProfile } from '../features/profile.js';
import { buildTaste, type Taste } from '../features/taste.js';
import type { Snapshot } from '../registry/snapshot.js';

/** One person as one snapshot sees them. */
export interface Person {
  readonly taste: Taste;
  /** Every item they acted on. */
  readonly seen: ReadonlySet<number>;
  /** Items they never want to meet again. */
  readonly banished: ReadonlySet<number>;
}

/** `events` newest first. Items the snapshot does not know are passed over. */
export function readPerson(events: readonly ItemEvent[], snapshot: Snapshot): Person {
  const seen = new Set<number>();
  const banished = new Set<number>();
  for (const { itemId, action } of events) {
    const item = snapshot.items.indexOf(itemId);
    if (item < 0) continue;
    seen.add(item);
    if (BANISHING.has(action)) banished.add(item);
  }
  return { taste: buildTaste(buildProfile(events, snapshot.items), snapshot), seen, banished };
}

/** True for someone of whom the snapshot knows nothing that could tell their taste. */
export function isStranger({ taste }: Person): boolean {
  return taste.profile.items.length === 0;
}
