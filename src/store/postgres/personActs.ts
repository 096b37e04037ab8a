import type { Pool } from 'pg';
import type { PersonAct } from '../../domain/events.js';
import { SESSION_PREFIX } from '../../domain/session.js';
import { selectUntil } from './cancellable.js';
import { asAction, asNumber, asText, type Statement } from './rows.js';

/** What each person did to people. Few even of those who act most, so that their newest are found by sorting them. */
export const ACTS_OF: Pick<Statement, 'name' | 'text'> = acts('acts_of', 'user_id', 'target_user_id');

/** What people did to each person, along an index by time: of someone known to all there are many. */
export const ACTS_ON: Pick<Statement, 'name' | 'text'> = acts('acts_on', 'target_user_id', 'user_id');

function acts(name: string, own: string, other: string): Pick<Statement, 'name' | 'text'> {
  return {
    name,
    text: `SELECT person.place::int - 1, e.${other}, e.action::text, date_part('epoch', e.occurred_at) * 1000
           FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place)
           CROSS JOIN LATERAL (
             SELECT ${other}, action, occurred_at, seq FROM interactions
             WHERE tenant = $1 AND ${own} = person.id AND target_user_id IS NOT NULL
             ORDER BY occurred_at DESC, seq DESC LIMIT $3) e
           ORDER BY person.place, e.occurred_at DESC, e.seq DESC`,
  };
}

export async function readActs(
  pool: Pool,
  statement: Pick<Statement, 'name' | 'text'>,
  {
    tenant,
    userIds,
    limit,
    signal,
  }: {
    readonly tenant: string;
    readonly userIds: readonly string[];
    readonly limit: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<PersonAct[][]> {
  const people: PersonAct[][] = userIds.map(() => []);
  if (userIds.length === 0) return people;
  const rows = await selectUntil(pool, signal, { ...statement, values: [tenant, userIds, limit] });
  for (const [place, userId, action, at] of rows) {
    people[asNumber(place)]?.push({
      userId: asText(userId),
      action: asAction(action),
      occurredAt: Math.round(asNumber(at)),
    });
  }
  return people;
}

export async function blockersAmong(
  pool: Pool,
  {
    tenant,
    userId,
    others,
    signal,
  }: {
    readonly tenant: string;
    readonly userId: string;
    readonly others: readonly string[];
    readonly signal: AbortSignal | undefined;
  },
): Promise<string[]> {
  if (others.length === 0) return [];
  const rows = await selectUntil(pool, signal, {
    name: 'blockers_among',
    // Each of them is looked up: of someone known to all there are more blocks than others to ask about.
    text: `SELECT other.id FROM unnest($3::text[]) AS other(id)
           WHERE (SELECT true FROM blocks b
                  WHERE b.tenant = $1 AND b.blocker_id = other.id AND b.blocked_id = $2)`,
    values: [tenant, userId, [...new Set(others)]],
  });
  return rows.map(([blocker]) => asText(blocker));
}

export async function recentlyActive(
  pool: Pool,
  tenant: string,
  events: number,
  signal: AbortSignal | undefined,
): Promise<{ userId: string; at: number }[]> {
  const rows = await selectUntil(pool, signal, {
    name: 'recently_active',
    text: `SELECT user_id, date_part('epoch', max(occurred_at)) * 1000 FROM (
             SELECT user_id, occurred_at FROM interactions WHERE tenant = $1
             ORDER BY occurred_at DESC, seq DESC LIMIT $2) newest
           WHERE NOT starts_with(user_id, '${SESSION_PREFIX}')
           GROUP BY user_id ORDER BY 2 DESC, 1`,
    values: [tenant, events],
  });
  return rows.map(([userId, at]) => ({ userId: asText(userId), at: Math.round(asNumber(at)) }));
}
