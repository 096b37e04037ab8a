import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { connectDatabase } from '../../src/store/postgres/database.js';
import { applyMigrations } from '../../src/store/postgres/migrate.js';
import { databaseBackends, type Place } from '../helpers/databases.js';

const fixture = path.resolve(import.meta.dirname, '../fixtures/appendForever.mjs');
const LIVES = 3;
const ENOUGH = 2_000;

/** Lets a process append until it has acknowledged enough, kills it in the middle of it, and answers what it said. */
function liveAndDie({ databaseUrl, dataDir }: Place, life: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fixture, databaseUrl ?? 'embedded', dataDir, String(life)]);
    let said = '';
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      if (said.split('\n').length > ENOUGH) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      // The last line may be cut off; it was not heard, so it was not acknowledged.
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1));
      else reject(new Error(`it ended by itself: ${complaints}`));
    });
  });
}

describe.each(databaseBackends)('after kill -9 in the middle of appending on $name', ({ lack, make }) => {
  it.skipIf(lack !== null)(
    `every acknowledged event is there, once, and counted once ${lack ?? ''}`,
    async () => {
      const { place, remove } = await make();
      try {
        const first = await connectDatabase({ ...place, poolSize: 2, log: silentLog });
        await applyMigrations(first.pool, () => {});
        await first.dispose();

        const acknowledged: string[] = [];
        for (let life = 0; life < LIVES; life++) acknowledged.push(...(await liveAndDie(place, life)));
        expect(acknowledged.length).toBeGreaterThanOrEqual(LIVES * ENOUGH);

        const { pool, dispose } = await connectDatabase({ ...place, poolSize: 2, log: silentLog });
        try {
          // The dead process's last statement may still be running on the server.
          await expect
            .poll(async () => {
              const { rows } = await pool.query(
                `SELECT count(*)::int AS busy FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
              );
              return rows[0]?.busy;
            })
            .toBe(0);
          const { rows } = await pool.query('SELECT event_id FROM interactions');
          const stored = rows.map((row: Record<string, unknown>) => String(row.event_id));
          const distinct = new Set(stored);
          expect(distinct.size).toBe(stored.length);
          expect(acknowledged.filter((id) => !distinct.has(id))).toEqual([]);
          const { rows: sums } = await pool.query(
            `SELECT (SELECT count(*) FROM event_keys)::int AS keys, sum(likes)::int AS likes,
                  sum(popularity)::int AS popularity FROM item_stats`,
          );
          expect(sums).toEqual([{ keys: stored.length, likes: stored.length, popularity: stored.length }]);
        } finally {
          await dispose();
        }
      } finally {
        await remove();
      }
    },
    120_000,
  );
});
