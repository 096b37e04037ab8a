import { createHash } from 'node:crypto';
import type { Trending, TrendingUpdate } from './types.js';

/** A list as subscribers have it. */
export interface State {
  readonly cursor: string;
  readonly list: readonly Trending[];
}

/** Names a list by what it is, so that nodes that see the same name it the same. `topic` tells lists of different questions apart. */
export function stateOf(topic: string, list: readonly Trending[]): State {
  const text = JSON.stringify([topic, idsOf(list)]);
  return { cursor: createHash('sha256').update(text).digest('base64url').slice(0, 22), list };
}

export const idsOf = (list: readonly Trending[]): string[] => list.map(({ item }) => item.id);

export function wholeOf({ cursor, list }: State): TrendingUpdate {
  return { cursor, whole: true, items: list, entered: [], left: [], moved: [] };
}

/** From a list of ids to a state: who entered, left, or has another rank. */
export function changesFrom(before: readonly string[], { cursor, list }: State): TrendingUpdate {
  const ranks = new Map(before.map((id, at) => [id, at + 1]));
  const now = new Set(idsOf(list));
  const entered = list.filter(({ item }) => !ranks.has(item.id));
  const moved = list.filter(({ item, rank }) => (ranks.get(item.id) ?? rank) !== rank);
  return {
    cursor,
    whole: false,
    items: list.filter(({ item, rank }) => ranks.get(item.id) !== rank),
    entered: idsOf(entered),
    left: before.filter((id) => !now.has(id)),
    moved: idsOf(moved),
  };
}
