import type { Pool } from 'pg';
import type { EventPage } from '../ports/eventLog.js';
import { keysetPage } from './keysetPage.js';
import { asAction, asNumber, asText, isJsonObject, select } from './rows.js';

const PAGE = 20_000;

/**
 * Every event on an item from `from` and before `until`, by time, then arrival. Each page is a query of its own, by key, not
 * by offset.
 */
export async function* scanEvents(
  pool: Pool,
  {
    tenant,
    until,
    from,
    rows: size = PAGE,
    personaliseByDefault,
  }: {
    readonly tenant: string;
    readonly until: number;
    readonly from: number;
    /** Of a page. */
    readonly rows?: number | undefined;
    /** What counts for people who never said. */
    readonly personaliseByDefault: boolean;
  },
): AsyncIterable<EventPage> {
  const agreed =
    personaliseByDefault && !(await anyoneObjects(pool, tenant)) ? '' : `AND ${AGREED(personaliseByDefault)}`;
  // Numbers of arrival begin at 1.
  let after: readonly [at: unknown, seq: unknown] = [from, 0];
  for (;;) {
    const rows: unknown[][] = await keysetPage(pool, {
      text: `SELECT user_id, item_id, action::text, value, date_part('epoch', occurred_at) * 1000, context, seq
             FROM interactions
             WHERE tenant = $1 AND occurred_at < to_timestamp($2::float8 / 1000.0) AND item_id IS NOT NULL
               AND (occurred_at, seq) > (to_timestamp($3::float8 / 1000.0), $4::bigint)
               ${agreed}
             ORDER BY occurred_at, seq LIMIT $5`,
      values: [tenant, until, ...after, size],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    yield toPage(rows);
    if (rows.length < size) return;
    after = [last[4], last[6]];
  }
}

/** Looked up by key, a few microseconds an event; where nobody objects it is not asked at all. */
const AGREED = (byDefault: boolean) =>
  `coalesce((SELECT u.personalised FROM users u WHERE u.tenant = $1 AND u.id = interactions.user_id), ${byDefault})`;

async function anyoneObjects(pool: Pool, tenant: string): Promise<boolean> {
  const [[known] = []] = await select(pool, {
    text: 'SELECT EXISTS (SELECT FROM users WHERE tenant = $1 AND personalised = false)',
    values: [tenant],
  });
  return known === true;
}

function toPage(rows: readonly (readonly unknown[])[]): EventPage {
  return {
    userIds: rows.map(([userId]) => asText(userId)),
    itemIds: rows.map(([, itemId]) => asText(itemId)),
    actions: rows.map(([, , action]) => asAction(action)),
    values: Float64Array.from(rows, ([, , , value]) => (value === null ? Number.NaN : asNumber(value))),
    occurredAt: Float64Array.from(rows, ([, , , , at]) => Math.round(asNumber(at))),
    contexts: rows.map(([, , , , , context]) => (isJsonObject(context) ? context : null)),
  };
}
