import type { PersonAct } from '../../domain/events.js';
import { foldWorth, POSITIVE_WORTH, worthOf } from '../../features/worth.js';

/** Everyone the acts took to, by what was said of them last: ids, newest act first. */
export function takenTo(acts: readonly PersonAct[]): string[] {
  const worths = new Map<string, number>();
  for (const { userId, action } of acts) worths.set(userId, foldWorth(worths.get(userId), worthOf(action, null)));
  return [...worths].filter(([, worth]) => worth >= POSITIVE_WORTH).map(([userId]) => userId);
}
