import { HOUR_MS } from '../../domain/clock.js';
import type { FeedbackEvent } from '../../domain/events.js';
import { isPositive, worthOf } from '../../features/worth.js';
import type { Board } from '../../store/ports/counters.js';

const HALF_LIFE_MS = 2 * HOUR_MS;
/** What has faded to less than this share of itself is not news. */
const LEAST_SHARE = 0.01;

/** Items by what people did with them lately: each positive action counts its worth and fades within hours. */
export function risingBoard(tenant: string): Board {
  return { name: `rising:${tenant}`, halfLifeMs: HALF_LIFE_MS };
}

/** Item → what the events add to its count as of `now` (epoch ms): one told late has faded already. */
export function risingAmounts(events: readonly FeedbackEvent[], now: number): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { target, action, value, occurredAt } of events) {
    const share = 0.5 ** (Math.max(0, now - occurredAt) / HALF_LIFE_MS);
    if (!('itemId' in target) || !isPositive(action, value) || share < LEAST_SHARE) continue;
    amounts.set(target.itemId, (amounts.get(target.itemId) ?? 0) + share * worthOf(action, value));
  }
  return amounts;
}
