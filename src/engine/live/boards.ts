import { HOUR_MS } from '../../domain/clock.js';
import type { FeedbackEvent } from '../../domain/events.js';
import { isPositive, worthOf } from '../../features/worth.js';
import type { Board } from '../../store/ports/counters.js';

/** Items by what people did with them lately: each positive action counts its worth and fades within hours. */
export function risingBoard(tenant: string): Board {
  return { name: `rising:${tenant}`, halfLifeMs: 2 * HOUR_MS };
}

/** Item → what the events add to its count. */
export function risingAmounts(events: readonly FeedbackEvent[]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { target, action, value } of events) {
    if (!('itemId' in target) || !isPositive(action, value)) continue;
    amounts.set(target.itemId, (amounts.get(target.itemId) ?? 0) + worthOf(action, value));
  }
  return amounts;
}
