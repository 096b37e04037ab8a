import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../src/domain/log.js';
import { connectDatabase } from '../../src/store/postgres/database.js';
import { openSampleApp, type SampleApp } from '../helpers/sampleApp.js';

const answer = z.object({ data: z.object({ recommendations: z.object({ requestId: z.string() }) }) });

describe('a clean stop', () => {
  let opened: SampleApp;
  beforeAll(async () => {
    opened = await openSampleApp({ users: 20, items: 60, seed: 5 });
  });
  afterAll(() => opened.remove());

  it('loses no list that was shown', async () => {
    const { app, url, config } = opened;
    const token = await opened.token('service');
    const ask = async (n: number) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
        body: JSON.stringify({ query: `{ recommendations(userId: "user-${n % 20}", first: 5) { requestId } }` }),
      });
      return answer.parse(await response.json()).data.recommendations.requestId;
    };
    const shown: string[] = [];
    for (let round = 0; round < 25; round++) {
      shown.push(...(await Promise.all(Array.from({ length: 8 }, (_, n) => ask(8 * round + n)))));
    }
    await app.close();

    const { pool, dispose } = await connectDatabase({
      databaseUrl: null,
      dataDir: config.dataDir,
      poolSize: 1,
      log: silentLog,
    });
    const { rows } = await pool.query('SELECT request_id FROM recommendation_requests');
    await dispose();
    expect(rows.map(({ request_id: id }) => id).sort()).toEqual([...shown].sort());
    expect(shown).toHaveLength(200);
  });
});
