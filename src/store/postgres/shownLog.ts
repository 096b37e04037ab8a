import type { Pool } from 'pg';
import type { Log } from '../../domain/log.js';
import type { ShownList } from '../../domain/shown.js';
import type { ShownLog } from '../ports/shownLog.js';
import { createGroupCommit } from './groupCommit.js';
import { retrying } from './retry.js';
import { execute } from './rows.js';

const GROUP_LISTS = 500;
const MOST_WAITING = 10_000;
/** How long a list may wait for others to share its write. */
const LINGER_MS = 100;

const INSERT = `
  INSERT INTO recommendation_requests (tenant, request_id, user_id, session_id, surface, model_version, variant, degraded,
    context, item_ids, scores, propensities, sources, created_at)
  SELECT s.tenant, s."requestId", s."userId", s."sessionId", s.surface, s."modelVersion", s.variant, s.degraded,
    s.context, s."itemIds", s.scores, s.propensities, s.sources, to_timestamp(s."createdAt" / 1000.0)
  FROM jsonb_to_recordset($1::jsonb) AS s(tenant text, "requestId" text, "userId" text, "sessionId" text, surface text,
    "modelVersion" text, variant text, degraded text, context jsonb, "itemIds" text[], scores real[],
    propensities real[], sources text[], "createdAt" float8)
  ORDER BY s.tenant, s."requestId"
  ON CONFLICT DO NOTHING`;

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
      const values = [JSON.stringify(lists)];
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
    flush,
    dispose: flush,
  };
}
