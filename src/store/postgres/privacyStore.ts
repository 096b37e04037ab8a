import type { Pool } from 'pg';
import type { PrivacyStore } from '../ports/privacyStore.js';
import { inTransaction } from './pool.js';
import { retrying } from './retry.js';
import { asNumber, asText, execute, select } from './rows.js';
import { rowsOf } from './rowsOfPerson.js';

const UNKNOWN_PEOPLE = `
SELECT id FROM unnest($2::text[]) AS given(id)
WHERE (SELECT true FROM users u WHERE u.tenant = $1 AND u.id = given.id) IS NULL`;

const UNKNOWN_AUTHORS = `
SELECT id FROM unnest($2::text[]) AS given(id)
WHERE (SELECT true FROM items i WHERE i.tenant = $1 AND i.author_id = given.id LIMIT 1) IS NULL`;

/** One step along the index for each tenant, however many events they have. */
const TENANTS = `
WITH RECURSIVE found AS (
  (SELECT tenant FROM interactions ORDER BY tenant LIMIT 1)
  UNION ALL
  SELECT (SELECT i.tenant FROM interactions i WHERE i.tenant > found.tenant ORDER BY i.tenant LIMIT 1)
  FROM found WHERE found.tenant IS NOT NULL)
SELECT tenant FROM found WHERE tenant IS NOT NULL`;

/** Rows that someone else holds are for the next time: who writes waits for nobody here, and nobody here for them. */
const EXPIRE_EVENTS = `
WITH gone AS (
  DELETE FROM interactions WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM interactions WHERE tenant = $1 AND occurred_at < to_timestamp($2::float8 / 1000.0)
    ORDER BY occurred_at, seq LIMIT $3 FOR UPDATE SKIP LOCKED))
  RETURNING event_id, user_id
), keys AS (
  DELETE FROM event_keys WHERE tenant = $1 AND event_id = ANY(ARRAY(SELECT event_id FROM gone))
)
SELECT user_id, count(*)::int FROM gone GROUP BY user_id`;

const EXPIRE_LISTS = `
DELETE FROM recommendation_requests WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM recommendation_requests WHERE created_at < to_timestamp($1::float8 / 1000.0)
  LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Ids asked about in one statement. */
const ASKED = 10_000;

export function createPrivacyStore({ pool }: { readonly pool: Pool }): PrivacyStore {
  const unknown = async (text: string, tenant: string, ids: readonly string[]): Promise<Set<string>> => {
    const found = new Set<string>();
    for (let from = 0; from < ids.length; from += ASKED) {
      const rows = await select(pool, { text, values: [tenant, ids.slice(from, from + ASKED)] });
      for (const [id] of rows) found.add(asText(id));
    }
    return found;
  };

  return {
    async unsettled(before, limit) {
      const rows = await select(pool, {
        text: `SELECT tenant, user_id, date_part('epoch', erased_at) * 1000 FROM erasures
               WHERE erased_at < to_timestamp($1::float8 / 1000.0) ORDER BY erased_at LIMIT $2`,
        values: [before, limit],
      });
      return rows.map(([tenant, userId, at]) => ({
        tenant: asText(tenant),
        userId: asText(userId),
        erasedAt: Math.round(asNumber(at)),
      }));
    },

    settle: ({ tenant, userId, erasedAt }) =>
      retrying(() =>
        inTransaction(pool, async (client) => {
          const values = [tenant, userId, erasedAt];
          // Whoever came back under the same id keeps what they were shown since.
          await execute(client, {
            text: `DELETE FROM recommendation_requests
                   WHERE tenant = $1 AND user_id = $2 AND created_at <= to_timestamp($3::float8 / 1000.0)`,
            values,
          });
          await execute(client, {
            text: `DELETE FROM erasures
                   WHERE tenant = $1 AND user_id = $2 AND erased_at <= to_timestamp($3::float8 / 1000.0)`,
            values,
          });
        }),
      ),

    async unknownAmong(tenant, { people, authors }) {
      return {
        people: await unknown(UNKNOWN_PEOPLE, tenant, people),
        authors: await unknown(UNKNOWN_AUTHORS, tenant, authors),
      };
    },

    rowsOf: (tenant, userId) => rowsOf(pool, tenant, userId),

    async expire(before, limit) {
      let events = 0;
      const people: { tenant: string; userId: string }[] = [];
      for (const [tenant] of await select(pool, { text: TENANTS, values: [] })) {
        if (events >= limit) break;
        const values = [tenant, before, limit - events];
        for (const [userId, count] of await retrying(() => select(pool, { text: EXPIRE_EVENTS, values }))) {
          events += asNumber(count);
          people.push({ tenant: asText(tenant), userId: asText(userId) });
        }
      }
      const lists = await retrying(() => execute(pool, { text: EXPIRE_LISTS, values: [before, limit] }));
      return { events, lists, people };
    },
  };
}
