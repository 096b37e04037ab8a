import type { Pool } from 'pg';
import type { FeedbackEvent } from '../../domain/events.js';
import type { AppendOptions, AppendOutcome } from '../ports/eventLog.js';
import { APPEND } from './appendSql.js';
import type { IsPositive } from './eraseUser.js';
import { retrying } from './retry.js';
import { asNumber, select } from './rows.js';

const CREATES = { nothing: 0, users: 1, all: 2 } as const satisfies Record<AppendOptions['createMissing'], number>;

export interface PendingEvent {
  readonly event: FeedbackEvent;
  /** The event's context as JSON text. */
  readonly context: string | null;
  readonly createMissing: AppendOptions['createMissing'];
}

/** Stores events, whose ids are distinct, in one statement. Outcomes keep their order. */
export async function writeEvents(
  pool: Pool,
  isPositive: IsPositive,
  pending: readonly PendingEvent[],
): Promise<AppendOutcome[]> {
  const values = columns(pending, isPositive);
  const others = await retrying(() => select(pool, { name: 'append', text: APPEND, values }));
  const outcomes = pending.map((): AppendOutcome => 'stored');
  for (const [index, outcome] of others) outcomes[asNumber(index)] = asOutcome(outcome);
  return outcomes;
}

/** One array per parameter. Filled column by column: a row of its own for each event is garbage at once. */
function columns(pending: readonly PendingEvent[], isPositive: IsPositive): unknown[][] {
  const column = (read: (one: PendingEvent) => unknown) => pending.map(read);
  return [
    column(({ event }) => event.tenant),
    column(({ event }) => event.eventId),
    column(({ event }) => event.userId),
    column(({ event }) => ('itemId' in event.target ? event.target.itemId : null)),
    column(({ event }) => ('userId' in event.target ? event.target.userId : null)),
    column(({ event }) => event.action),
    column(({ event }) => event.value),
    column(({ event }) => event.durationMs),
    column(({ event }) => event.requestId),
    column(({ event }) => event.position),
    column(({ context }) => context),
    column(({ event }) => event.occurredAt),
    column(({ event }) => isPositive(event.action, event.value)),
    column(({ createMissing }) => CREATES[createMissing]),
  ];
}

function asOutcome(value: unknown): AppendOutcome {
  if (value === 'duplicate' || value === 'unknown_user' || value === 'unknown_target') return value;
  throw new Error(`The database answered an outcome that is none: ${String(value)}.`);
}
