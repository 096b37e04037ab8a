import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type App, buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { systemClock } from '../../src/domain/clock.js';
import type { AppDeps } from '../../src/process.js';
import { loadSample } from '../../src/sample/load.js';
import { signToken } from '../../src/server/auth/token.js';
import { connectDatabase } from '../../src/store/postgres/database.js';
import { openStores } from '../../src/stores.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createDataDir } from '../helpers/embedded.js';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const answer = z.object({ data: z.object({ recommendations: z.object({ requestId: z.string() }) }) });

describe('a clean stop', () => {
  let app: App;
  let deps: AppDeps;
  let dataDir: string;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const folder = await createDataDir();
    ({ dataDir, remove } = folder);
    const config = readConfig({
      NODE_ENV: 'test',
      CURIO_DATA_DIR: dataDir,
      CURIO_JWT_SECRET: SECRET,
      CURIO_RATE_RECOMMENDATIONS: '1000000',
      CURIO_DEADLINE_MS: '60000',
    });
    deps = { config, clock: systemClock, log: createLog({ level: 'silent', pretty: false }), metrics: createMetrics() };
    const stores = await openStores(deps);
    const progress = { update() {}, done() {}, failed() {} };
    const size = { users: 20, items: 60, seed: 5 };
    await loadSample({ stores: stores.postgres, tenant: 'default', ...size, clock: systemClock, progress });
    app = await buildApp(deps, stores);
    await app.server.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => remove());

  it('loses no list that was shown', async () => {
    const address = app.server.server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
    const { port }: AddressInfo = address;
    const token = await signToken({
      secret: SECRET,
      userId: null,
      role: 'service',
      tenant: 'default',
      expiresIn: '1h',
    });
    const ask = async (n: number) => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, connection: 'close' },
        body: JSON.stringify({ query: `{ recommendations(userId: "user-${n % 20}", first: 5) { requestId } }` }),
      });
      return answer.parse(await response.json()).data.recommendations.requestId;
    };
    const shown: string[] = [];
    // Few enough at once that none is refused.
    for (let round = 0; round < 25; round++) {
      shown.push(...(await Promise.all(Array.from({ length: 8 }, (_, n) => ask(8 * round + n)))));
    }
    await app.close();

    const { pool, dispose } = await connectDatabase({ databaseUrl: null, dataDir, poolSize: 1, log: deps.log });
    const { rows } = await pool.query('SELECT request_id FROM recommendation_requests');
    await dispose();
    expect(rows.map(({ request_id: id }) => id).sort()).toEqual([...shown].sort());
    expect(shown).toHaveLength(200);
  });
});
