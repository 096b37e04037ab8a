import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readConfig } from '../../src/config/config.js';
import type { Clock } from '../../src/domain/clock.js';
import { CurioError } from '../../src/domain/errors.js';
import type { Role } from '../../src/domain/identity.js';
import { createLoad, type Load } from '../../src/resilience/load.js';
import { hashApiKey } from '../../src/server/auth/apiKey.js';
import { signToken } from '../../src/server/auth/token.js';
import type { HealthReport } from '../../src/server/health.js';
import { createServer } from '../../src/server/server.js';
import type { Services } from '../../src/services/services.js';
import { createMemoryRateLimiter } from '../../src/store/memory/rateLimiter.js';
import type { ApiKeyRow, ApiKeyStore } from '../../src/store/ports/apiKeyStore.js';
import type { EntityStore } from '../../src/store/ports/entityStore.js';
import type { MediaFiles } from '../../src/store/ports/mediaStore.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { silentTracing, type Tracing } from '../../src/telemetry/tracing.js';
import { type FakeWorld, fakeWorld } from './fakeServices.js';

export const SECRET = 'a-secret-of-at-least-thirty-two-characters';

export interface TestServer extends FakeWorld {
  readonly app: FastifyInstance;
  readonly url: string;
  /** Every line of the log so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly apiKeys: ApiKeyStore;
  token(userId: string | null, role?: Role, tenant?: string): Promise<string>;
  gql(query: string, variables?: object, token?: string): Promise<Answer>;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly health?: () => Promise<HealthReport>;
  readonly isDraining?: () => boolean;
  readonly load?: Load;
  readonly tracing?: Tracing;
  /** In place of those of the fake world. */
  readonly services?: Partial<Services>;
  readonly entities?: EntityStore;
  readonly media?: MediaFiles;
}

/** The real server on a free port, over the fake world. */
export async function startServer({
  env = {},
  clock = Date.now,
  health,
  isDraining = () => false,
  load = createLoad(),
  tracing = silentTracing,
  services = {},
  entities,
  media,
}: ServerOptions = {}): Promise<TestServer> {
  const config = readConfig({
    NODE_ENV: 'test',
    CURIO_JWT_SECRET: SECRET,
    CURIO_RATE_RECOMMENDATIONS: '1000000',
    CURIO_RATE_FEEDBACK: '1000000',
    CURIO_RATE_SEARCH: '1000000',
    CURIO_RATE_IP: '1000000',
    CURIO_RATE_COST: '100000000',
    ...env,
  });
  const world = fakeWorld();
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(z.record(z.string(), z.unknown()).parse(JSON.parse(String(chunk))));
      done();
    },
  });
  const rows = new Map<string, ApiKeyRow>();
  const apiKeys: ApiKeyStore = {
    find: async (hash) => rows.get(hash) ?? null,
    create: async (hash, row) => void rows.set(hash, row),
    revoke: async (hash) => void rows.delete(hash),
  };
  const app = await createServer({
    config,
    services: { ...world.services, ...services },
    entities: entities ?? world.entities,
    apiKeys,
    rateLimiter: createMemoryRateLimiter({ clock }),
    deploy: async (tenant, version) => {
      if (version === 'unknown') throw new CurioError('NOT_FOUND', 'There is no model version unknown.');
      world.received.deployed.push([tenant, version]);
    },
    media: media ?? null,
    health: health ?? (async () => ({ database: { status: 'up', kind: 'fake' } })),
    log: createLog({ level: 'debug', pretty: false, stream }),
    metrics: createMetrics(),
    isDraining,
    load,
    tracing,
    clock,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${portOf(app)}`;
  return Object.assign(world, {
    app,
    url,
    lines,
    apiKeys,
    token: (userId: string | null, role: Role = 'user', tenant = 'default') =>
      signToken({ secret: SECRET, userId, role, tenant, expiresIn: '1h' }),
    gql: (query: string, variables?: object, token?: string) => gql(url, query, variables, token),
    close: () => app.close(),
  });
}

export function portOf(app: FastifyInstance): number {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}

/** Stores a key and answers it in the clear. */
export async function addApiKey(apiKeys: ApiKeyStore, row: ApiKeyRow, key = `key-of-${row.name}`): Promise<string> {
  await apiKeys.create(hashApiKey(key), row);
  return key;
}

const answer = z.object({
  data: z.record(z.string(), z.any()).nullish(),
  extensions: z.record(z.string(), z.unknown()).optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        extensions: z.looseObject({ code: z.string(), requestId: z.string() }),
      }),
    )
    .optional(),
});

/** An answer in GraphQL form: every error has a code and a request id, or parsing it fails the test. */
export type Answer = z.infer<typeof answer> & { readonly status: number; readonly headers: Headers };

/** Asks over HTTP, as a client does. */
export async function gql(url: string, query: string, variables: object = {}, token?: string): Promise<Answer> {
  return post(
    url,
    JSON.stringify({ query, variables }),
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  );
}

/** Posts any body. */
export async function post(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return read(response);
}

export async function read(response: Response): Promise<Answer> {
  const parsed = answer.parse(await response.json());
  return { ...parsed, status: response.status, headers: response.headers };
}
