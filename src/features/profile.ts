import type { ItemEvent } from '../domain/events.js';
import type { ItemTable } from '../registry/snapshot.js';
import { foldWorth, worthOf } from './worth.js';

/** How many of the newest items a profile keeps. */
export const PROFILE_ITEMS = 200;

/** After this many items an older one counts half. By order, not by time: tastes do not fade while one is away. */
const HALF_LIFE_ITEMS = 20;

/** What a person did, in dense terms of one snapshot; index 0 is the newest item. */
export interface Profile {
  readonly items: Int32Array;
  /** See `worthOf`; below zero speaks against. */
  readonly worth: Float32Array;
  /** 1 for the newest item, falling by half every 20 items. */
  readonly recency: Float32Array;
}

/** `events` newest first. Items the snapshot does not know are passed over. */
export function buildProfile(events: readonly ItemEvent[], table: ItemTable): Profile {
  const worthByItem = new Map<number, number>();
  for (const event of events) {
    const index = table.indexOf(event.itemId);
    if (index < 0) continue;
    const newer = worthByItem.get(index);
    if (newer === undefined && worthByItem.size >= PROFILE_ITEMS) continue;
    worthByItem.set(index, foldWorth(newer, worthOf(event.action, event.value)));
  }
  const items = Int32Array.from(worthByItem.keys());
  return {
    items,
    worth: Float32Array.from(worthByItem.values()),
    recency: Float32Array.from(items, (_, place) => 0.5 ** (place / HALF_LIFE_ITEMS)),
  };
}
