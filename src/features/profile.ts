import type { ItemEvent } from '../domain/events.js';
import type { ItemTable } from '../registry/snapshot.js';
import { foldWorth, worthOf } from './worth.js';

/** How many of the newest items a profile keeps. */
export const PROFILE_ITEMS = 200;

/** After this many newer items one counts half. By order, not by time: tastes do not fade while one is away. */
const HALF_LIFE_ITEMS = 20;

/** What a person did, in dense terms of one snapshot; index 0 is the newest item. */
export interface Profile {
  readonly items: Int32Array;
  /** See `worthOf`; below zero speaks against. */
  readonly worth: Float32Array;
  /** See `recencyAfter`: 1 for the newest item. */
  readonly recency: Float32Array;
}

/** One event in dense terms. */
export interface DenseEvent {
  readonly item: number;
  readonly worth: number;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** `events` newest first; the newest `most` items are kept. Items the snapshot does not know are passed over. */
export function buildProfile(events: readonly ItemEvent[], table: ItemTable, most: number = PROFILE_ITEMS): Profile {
  const known: DenseEvent[] = [];
  for (const { itemId, action, value, occurredAt } of events) {
    const item = table.indexOf(itemId);
    if (item >= 0) known.push({ item, worth: worthOf(action, value), time: occurredAt });
  }
  return foldProfile(known, most);
}

/** `events` newest first; the newest `most` items are kept. */
export function foldProfile(events: Iterable<DenseEvent>, most: number = PROFILE_ITEMS): Profile {
  const worthByItem = new Map<number, number>();
  const recency: number[] = [];
  let newest = Number.POSITIVE_INFINITY;
  let newer = 0;
  for (const { item, worth, time } of events) {
    const known = worthByItem.get(item);
    if (known === undefined) {
      if (worthByItem.size >= most) continue;
      if (time < newest) newer = worthByItem.size;
      newest = time;
      recency.push(recencyAfter(newer));
    }
    worthByItem.set(item, foldWorth(known, worth));
  }
  return {
    items: Int32Array.from(worthByItem.keys()),
    worth: Float32Array.from(worthByItem.values()),
    recency: Float32Array.from(recency),
  };
}

/** Recency of an item after which the person met `newer` others at a later moment: 1 to 0, falling by half every 20. */
export function recencyAfter(newer: number): number {
  return 0.5 ** (newer / HALF_LIFE_ITEMS);
}
