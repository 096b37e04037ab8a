import type { Clock } from '../../domain/clock.js';
import type { FeedbackEvent } from '../../domain/events.js';
import type { Meter } from '../../domain/meter.js';
import { isPositive } from '../../features/worth.js';
import type { ClickThrough } from './clickThrough.js';

/** Hears of the events that became durable, before they are acknowledged. */
export type ObserveFeedback = (events: readonly FeedbackEvent[]) => void;

/** Seconds: from a click that is sent at once to a phone that was offline for a day. */
const LAG_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3_600, 86_400];

/** Events by action, how long after they happened they count, and what they say of the lists they quote. */
export function measureFeedback(deps: {
  readonly meter: Meter;
  readonly clickThrough: ClickThrough;
  readonly clock: Clock;
}): ObserveFeedback {
  const { meter, clickThrough, clock } = deps;
  const counted = meter.counter('curio_feedback_events_total', 'Events stored', ['action']);
  const lag = meter.histogram(
    'curio_feedback_lag_seconds',
    'From the moment an event happened, by its sender, to the moment it counts',
    LAG_BUCKETS,
  );
  return (events) => {
    const now = clock();
    for (const { tenant, action, value, requestId, occurredAt } of events) {
      counted({ action });
      lag({}, Math.max(0, now - occurredAt) / 1000);
      if (requestId !== null && isPositive(action, value)) clickThrough.took(tenant, requestId);
    }
  };
}
