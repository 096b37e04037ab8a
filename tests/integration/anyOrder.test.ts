import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { signToken } from '../../src/server/auth/token.js';
import { openPostgres } from '../../src/store/postgres/open.js';
import { removeKeys } from '../helpers/liveAdapters.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';
import { sparePort } from '../helpers/redisServer.js';
import { openWire, type Wire } from '../helpers/wire.js';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';
const redisUrl = inject('redisUrl');
const lack = inject('postgresLack') ?? (redisUrl === null ? 'no Redis was found' : null);

const health = z.looseObject({
  status: z.string(),
  dependencies: z.record(z.string(), z.looseObject({ status: z.string() })),
});
const answer = z.looseObject({
  data: z.record(z.string(), z.any()).nullish(),
  errors: z.array(z.object({ extensions: z.looseObject({ code: z.string() }) })).optional(),
});

describe.skipIf(lack !== null)(`a server whose database and Redis come, go and come back ${lack ?? ''}`, () => {
  const prefix = `curio-test-${randomUUID()}:`;
  let database: ThrowAwayDatabase;
  let postgres: Wire;
  let redis: Wire;
  let dataDir: string;
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let url: string;
  let output = '';

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-order-'));
    const [direct, live] = [new URL(database.url), new URL(redisUrl ?? '')];
    postgres = await openWire(direct.hostname, Number(direct.port || 5432));
    redis = await openWire(live.hostname, Number(live.port || 6379));
    const through = (to: URL, { port }: Wire) => {
      const changed = new URL(to);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    };
    const port = await sparePort();
    url = `http://127.0.0.1:${port}`;
    const curio = path.resolve(import.meta.dirname, '../fixtures/curio.mjs');
    child = spawn(process.execPath, [curio, 'serve'], {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        CURIO_JWT_SECRET: SECRET,
        DATABASE_URL: through(direct, postgres),
        REDIS_URL: through(live, redis),
        CURIO_KEY_PREFIX: prefix,
        CURIO_DATA_DIR: dataDir,
        CURIO_PORT: String(port),
        CURIO_LOG_LEVEL: 'warn',
        CURIO_DEADLINE_MS: '10000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (part) => {
        output += String(part);
      });
    }
    ended = new Promise((resolve) => child.once('close', resolve));
  });
  afterAll(async () => {
    child?.kill('SIGKILL');
    await Promise.all([postgres?.close(), redis?.close()]);
    if (redisUrl !== null) await removeKeys(redisUrl, prefix);
    await database?.drop();
    if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
  });

  const look = async (route: string) => {
    const response = await fetch(`${url}/v1/health${route}`);
    return { status: response.status, ...health.partial().parse(await response.json()) };
  };
  const lookFor = (route: string, wanted: object) =>
    expect.poll(() => look(route).catch((error: unknown) => String(error))).toMatchObject(wanted);
  const ask = async (query: string) => {
    const token = await signToken({ secret: SECRET, userId: 'u1', role: 'admin', tenant: 'default', expiresIn: '1h' });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, ...answer.parse(await response.json()) };
  };
  const inFlight = async () => {
    const token = await signToken({ secret: SECRET, userId: null, role: 'admin', tenant: 'default', expiresIn: '1h' });
    const response = await fetch(`${url}/v1/metrics`, { headers: { authorization: `Bearer ${token}` } });
    return Number(/^curio_http_requests_in_flight (\d+)$/m.exec(await response.text())?.[1]);
  };
  const LIST = '{ recommendations(first: 3) { degraded recommendations { item { id } } } }';

  it('is live before either is there, and ready once both are and it is migrated', async () => {
    await lookFor('/live', { status: 'healthy' });
    expect(await look('/ready')).toMatchObject({
      status: 'unhealthy',
      dependencies: { database: { status: 'down' }, live: { status: 'down' }, migrations: { status: 'down' } },
    });
    expect((await fetch(`${url}/v1/health/ready`)).status).toBe(503);
    expect(await ask(LIST)).toEqual({
      status: 200,
      data: { recommendations: { degraded: 'EMPTY', recommendations: [] } },
    });

    await redis.mend();
    await postgres.mend();
    await lookFor('/ready', {
      dependencies: { database: { status: 'up' }, live: { status: 'up' }, migrations: { status: 'down' } },
    });
    await expect.poll(() => output).toContain('The database lacks');
    const stores = await openPostgres({
      databaseUrl: database.url,
      dataDir,
      poolSize: 2,
      isPositive,
      log: silentLog,
      clock: Date.now,
    });
    await stores.migrate();
    await stores.dispose();
    await lookFor('/ready', { status: 'healthy', dependencies: { migrations: { status: 'up' } } });
    await expect.poll(() => output).toContain(`Curio is ready at ${url}`);
  });

  it('answers in a poorer way while both are cut, never fails, and recovers', async () => {
    const items = ['a', 'b', 'c', 'd'].map((id) => `{ id: "${id}", kind: "lens", title: "${id}" }`).join(', ');
    expect(await ask(`mutation { upsertItems(items: [${items}]) { created } }`)).toMatchObject({
      data: { upsertItems: { created: 4 } },
    });
    expect(await ask(LIST)).toMatchObject({ data: { recommendations: { degraded: 'POPULAR' } } });

    await Promise.all([postgres.cut(), redis.cut()]);
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(LIST)));
    for (const { status, errors, data } of answers) {
      expect(status).toBe(200);
      expect(errors).toBeUndefined();
      expect(data?.recommendations.degraded).toMatch(/^(POPULAR|EMPTY)$/);
    }
    expect((await ask('{ user(id: "nobody") { id } }')).errors?.[0]?.extensions).toMatchObject({
      code: 'TIMEOUT',
      retryAfterMs: expect.any(Number),
    });
    expect(await look('/ready')).toMatchObject({
      status: 'degraded',
      dependencies: { database: { status: 'down' }, live: { status: 'down', breaker: 'open' } },
    });
    expect((await fetch(`${url}/v1/health/ready`)).status).toBe(200);
    expect((await fetch(`${url}/v1/health`)).status).toBe(503);

    await Promise.all([postgres.mend(), redis.mend()]);
    await lookFor('', { status: 'healthy', dependencies: { database: { breaker: 'closed' } } });
    await expect.poll(async () => (await ask(LIST)).data?.recommendations.recommendations.length).toBe(3);
  });

  it('on SIGTERM is not ready, finishes what is in flight, and ends by itself', async () => {
    postgres.hold();
    const feedback = ask('mutation { sendFeedback(input: { target: { itemId: "a" }, action: LIKE }) { duplicate } }');
    await expect.poll(inFlight).toBe(2);
    child.kill('SIGTERM');
    await expect.poll(() => look('/ready').then(({ status }) => status)).toBe('draining');
    postgres.release();
    expect(await feedback).toMatchObject({ status: 200, data: { sendFeedback: { duplicate: false } } });
    expect(await ended).toBe(0);
  });
});
