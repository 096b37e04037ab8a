import type { Pool } from 'pg';
import type { FeedbackEvent, ItemEvent, StoredEvent } from '../../domain/events.js';
import type { AppendOptions, AppendOutcome, EventLog } from '../ports/eventLog.js';
import { adoptSession } from './adoptSession.js';
import { type PendingEvent, writeEvents } from './append.js';
import { selectUntil } from './cancellable.js';
import type { IsPositive } from './eraseUser.js';
import { createGroupCommit } from './groupCommit.js';
import { ACTS_OF, ACTS_ON, blockersAmong, readActs, recentlyActive } from './personActs.js';
import { asAction, asBigInt, asNumber, asText, orNull, select } from './rows.js';
import { scanEvents } from './scanEvents.js';
import { checkText } from './text.js';

const GROUP_EVENTS = 10_000;

export interface EventLogDeps {
  readonly pool: Pool;
  readonly isPositive: IsPositive;
  readonly personaliseByDefault: boolean;
  /** Statements of `append` on their way at once; fewer than the pool has connections, where it has several. */
  readonly maxInFlight: number;
}

export function createEventLog({ pool, isPositive, personaliseByDefault, maxInFlight }: EventLogDeps): EventLog {
  let closed = false;
  const calls = new Set<Promise<AppendOutcome[]>>();
  const group = createGroupCommit<PendingEvent, AppendOutcome>({
    write: (pending) => writeEvents(pool, isPositive, pending),
    keyOf: ({ event }) => keyOf(event),
    maxItems: GROUP_EVENTS,
    maxInFlight,
  });

  async function store(events: readonly FeedbackEvent[], { createMissing }: AppendOptions): Promise<AppendOutcome[]> {
    for (const event of events) checkEvent(event);
    const places = new Map<string, number>();
    const pending: PendingEvent[] = [];
    for (const event of events) {
      const key = keyOf(event);
      if (places.has(key)) continue;
      places.set(key, pending.length);
      pending.push({ event, context: event.context === null ? null : JSON.stringify(event.context), createMissing });
    }
    const outcomes: AppendOutcome[] = [];
    // One after another, so that events of one call arrive in its order.
    for (let from = 0; from < pending.length; from += GROUP_EVENTS) {
      outcomes.push(...(await group.add(pending.slice(from, from + GROUP_EVENTS))));
    }
    if (pending.length === events.length) return outcomes;
    const met = new Set<string>();
    return events.map((event) => {
      const key = keyOf(event);
      const outcome = outcomes[places.get(key) ?? -1] ?? 'duplicate';
      if (met.has(key) && outcome === 'stored') return 'duplicate';
      met.add(key);
      return outcome;
    });
  }

  return {
    async append(events, options) {
      if (closed) throw new Error('The event log is closed.');
      const call = store(events, options);
      calls.add(call);
      try {
        return await call;
      } finally {
        calls.delete(call);
      }
    },

    async history(tenant, userId, limit, after, signal) {
      const rows = await selectUntil(pool, signal, {
        name: after === null ? 'history' : 'history_after',
        text: `SELECT seq, event_id, item_id, target_user_id, action::text, value, duration_ms,
                      date_part('epoch', occurred_at) * 1000
               FROM interactions WHERE tenant = $1 AND user_id = $2
                 ${after === null ? '' : 'AND (occurred_at, seq) < (to_timestamp($4::float8 / 1000.0), $5::bigint)'}
               ORDER BY occurred_at DESC, seq DESC LIMIT $3`,
        values: [tenant, userId, limit, ...(after === null ? [] : [after.occurredAt, after.seq])],
      });
      return rows.map((row) => toStoredEvent(tenant, userId, row));
    },

    async personEvents(tenant, userIds, limit, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'person_events',
        text: `SELECT person.place::int - 1, e.item_id, e.action::text, e.value, date_part('epoch', e.occurred_at) * 1000
               FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place)
               CROSS JOIN LATERAL (
                 SELECT item_id, action, value, occurred_at, seq FROM interactions
                 WHERE tenant = $1 AND user_id = person.id AND item_id IS NOT NULL
                 ORDER BY occurred_at DESC, seq DESC LIMIT $3) e
               ORDER BY person.place, e.occurred_at DESC, e.seq DESC`,
        values: [tenant, userIds, limit],
      });
      const people: ItemEvent[][] = userIds.map(() => []);
      for (const [place, itemId, action, value, at] of rows) {
        people[asNumber(place)]?.push({
          itemId: asText(itemId),
          action: asAction(action),
          value: orNull(asNumber)(value),
          occurredAt: Math.round(asNumber(at)),
        });
      }
      return people;
    },

    actsOf: (tenant, userIds, limit, signal) => readActs(pool, ACTS_OF, { tenant, userIds, limit, signal }),
    actsOn: (tenant, userIds, limit, signal) => readActs(pool, ACTS_ON, { tenant, userIds, limit, signal }),
    blockersAmong: (tenant, userId, others, signal) => blockersAmong(pool, { tenant, userId, others, signal }),
    recentlyActive: (tenant, events, signal) => recentlyActive(pool, tenant, events, signal),
    adopt: (tenant, session, userId) => adoptSession(pool, tenant, session, userId),

    scan: (tenant, until, from = Number.NEGATIVE_INFINITY, rows = undefined) =>
      scanEvents(pool, { tenant, until, from, rows, personaliseByDefault }),

    async count(tenant, until) {
      const rows = await select(pool, {
        text: `SELECT count(*) FROM interactions
               WHERE tenant = $1 AND occurred_at < to_timestamp($2::float8 / 1000.0) AND item_id IS NOT NULL`,
        values: [tenant, until],
      });
      return Number(asBigInt(rows[0]?.[0]));
    },

    async dispose() {
      closed = true;
      await Promise.allSettled(calls);
    },
  };
}

const keyOf = (event: FeedbackEvent) => `${event.tenant}\0${event.eventId}`;

function checkEvent({ tenant, eventId, userId, target, requestId }: FeedbackEvent): void {
  checkText('tenant', tenant);
  checkText('eventId', eventId);
  checkText('userId', userId);
  checkText('target', 'itemId' in target ? target.itemId : target.userId);
  if (requestId !== null) checkText('requestId', requestId);
}

function toStoredEvent(tenant: string, userId: string, row: readonly unknown[]): StoredEvent {
  const [seq, eventId, itemId, targetUserId, action, value, durationMs, at] = row;
  return {
    tenant,
    userId,
    seq: asBigInt(seq),
    eventId: asText(eventId),
    target: itemId === null ? { userId: asText(targetUserId) } : { itemId: asText(itemId) },
    action: asAction(action),
    value: orNull(asNumber)(value),
    durationMs: orNull(asNumber)(durationMs),
    occurredAt: Math.round(asNumber(at)),
  };
}
