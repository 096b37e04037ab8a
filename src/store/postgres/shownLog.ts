import type { Pool } from 'pg';
import type { Log } from '../../domain/log.js';
import { type Glimpse, PEOPLE_SURFACE, type ShownList } from '../../domain/shown.js';
import type { ShownLog } from '../ports/shownLog.js';
import { selectUntil } from './cancellable.js';
import { createGroupCommit } from './groupCommit.js';
import { retrying } from './retry.js';
import { asNumber, asText, asTexts, execute } from './rows.js';

const GROUP_LISTS = 500;
const MOST_WAITING = 10_000;
/** How long a list may wait for others to share its write. */
const LINGER_MS = 100;

/** A list of people waits a moment before it is written: whoever was erased meanwhile leaves an empty place in it. */
const INSERT = `
  INSERT INTO recommendation_requests (tenant, request_id, user_id, session_id, surface, model_version, variant, degraded,
    context, item_ids, scores, propensities, sources, feature_names, features, created_at)
  SELECT s.tenant, s."requestId", s."userId", s."sessionId", s.surface, s."modelVersion", s.variant, s.degraded,
    s.context,
    CASE WHEN s.surface = $2 THEN ARRAY(
      SELECT coalesce(u.id, '') FROM unnest(s."itemIds") WITH ORDINALITY AS listed(id, place)
      LEFT JOIN users u ON u.tenant = s.tenant AND u.id = listed.id ORDER BY listed.place)
    ELSE s."itemIds" END,
    s.scores, s.propensities, s.sources, s."featureNames", decode(s.features, 'base64'), to_timestamp(s."createdAt" / 1000.0)
  FROM jsonb_to_recordset($1::jsonb) AS s(tenant text, "requestId" text, "userId" text, "sessionId" text, surface text,
    "modelVersion" text, variant text, degraded text, context jsonb, "itemIds" text[], scores real[],
    propensities real[], sources text[], "featureNames" text[], features text, "createdAt" float8)
  ORDER BY s.tenant, s."requestId"
  ON CONFLICT DO NOTHING`;

const NEWEST = `
  SELECT person.place::int - 1, r.request_id, r.item_ids, date_part('epoch', r.created_at) * 1000
  FROM unnest($2::text[]) WITH ORDINALITY AS person(id, place)
  CROSS JOIN LATERAL (
    SELECT request_id, item_ids, created_at FROM recommendation_requests
    WHERE tenant = $1 AND user_id = person.id AND created_at >= to_timestamp($3::float8 / 1000) AND surface <> $5
    ORDER BY created_at DESC, request_id LIMIT $4) r
  ORDER BY person.place, r.created_at DESC, r.request_id`;

export interface ShownLogDeps {
  readonly pool: Pool;
  readonly log: Log;
}

/** Lists wait in memory, `MOST_WAITING` of them at most; beyond that, new ones are counted as lost. */
export function createShownLog({ pool, log }: ShownLogDeps): ShownLog {
  let waiting: ShownList[] = [];
  let writing = 0;
  let lost = 0;
  let unsaid = 0;
  let timer: NodeJS.Timeout | undefined;
  const group = createGroupCommit<ShownList, null>({
    async write(lists) {
      const values = [JSON.stringify(lists.map(rowOf)), PEOPLE_SURFACE];
      await retrying(() => execute(pool, { name: 'record_shown', text: INSERT, values }));
      return lists.map(() => null);
    },
    keyOf: (shown) => `${shown.tenant}\0${shown.requestId}`,
    maxItems: GROUP_LISTS,
    maxInFlight: 1,
  });

  /** One line for all that are lost in one turn: trouble comes in floods. */
  function lose(requestId: string, error: unknown): void {
    lost += 1;
    unsaid += 1;
    if (unsaid > 1) return;
    setImmediate(() => {
      log.error({ err: error, requestId, count: unsaid, lost }, 'shown lists were not written');
      unsaid = 0;
    });
  }

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const lists = waiting;
    waiting = [];
    writing += lists.length;
    for (const shown of lists) {
      group
        .add([shown])
        .catch((error: unknown) => lose(shown.requestId, error))
        .finally(() => {
          writing -= 1;
        });
    }
  }

  async function flush(): Promise<void> {
    send();
    await group.drain();
  }

  return {
    record(shown) {
      if (waiting.length + writing >= MOST_WAITING) {
        lose(shown.requestId, new Error(`${MOST_WAITING} lists are waiting to be written`));
        return;
      }
      waiting.push(shown);
      timer ??= setTimeout(send, LINGER_MS);
    },
    async newest(tenant, userIds, since, limit, signal) {
      const rows = await selectUntil(pool, signal, {
        name: 'newest_shown',
        text: NEWEST,
        values: [tenant, userIds, since, limit, PEOPLE_SURFACE],
      });
      const people: Glimpse[][] = userIds.map(() => []);
      for (const [place, requestId, itemIds, at] of rows) {
        people[asNumber(place)]?.push({
          requestId: asText(requestId),
          itemIds: asTexts(itemIds),
          shownAt: Math.round(asNumber(at)),
        });
      }
      return people;
    },
    flush,
    dispose: flush,
  };
}

/** Features go as bytes: as text they would be most of what is written. */
function rowOf({ features, ...list }: ShownList) {
  const { buffer, byteOffset, byteLength } = features?.values ?? new Float32Array(0);
  const bytes = features === null ? null : Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return { ...list, featureNames: features?.names ?? [], features: bytes };
}
