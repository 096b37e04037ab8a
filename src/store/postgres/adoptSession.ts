import type { Pool } from 'pg';
import { execute, select } from './rows.js';

/** See `EventLog.adopt`. A session without a row costs one look at an index and locks nothing. */
export async function adoptSession(pool: Pool, tenant: string, session: string, userId: string): Promise<number> {
  const values = [tenant, session];
  const [[known] = []] = await select(pool, {
    name: 'session_known',
    text: `SELECT EXISTS (SELECT FROM interactions WHERE tenant = $1 AND user_id = $2)
               OR EXISTS (SELECT FROM recommendation_requests WHERE tenant = $1 AND user_id = $2)`,
    values,
  });
  if (known !== true) return 0;
  const events = await execute(pool, {
    text: 'UPDATE interactions SET user_id = $3 WHERE tenant = $1 AND user_id = $2',
    values: [...values, userId],
  });
  await execute(pool, {
    text: 'UPDATE recommendation_requests SET user_id = $3 WHERE tenant = $1 AND user_id = $2',
    values: [...values, userId],
  });
  return events;
}
