import { existsSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { makeEmbeddedTemplate } from './embeddedTemplate.js';
import { startPostgresServer } from './postgresServer.js';
import { lackOfRedisServer, startRedisServer } from './redisServer.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of a maintenance database; null where there is no PostgreSQL. Make your own database. */
    readonly postgresUrl: string | null;
    /** Null where there is no Redis. Use keys with a prefix of your own. */
    readonly redisUrl: string | null;
    /** Why there is no PostgreSQL; null where there is one. */
    readonly postgresLack: string | null;
    /** A data folder with a migrated, empty embedded database, to be copied. */
    readonly embeddedTemplate: string;
  }
}

/** A server for the tests, or why there is none. */
type Found = { readonly url: string; stop(): Promise<void> } | { readonly lack: string };

const OLDEST_POSTGRES = 14;
const compiled = path.resolve(import.meta.dirname, '../../dist/store/postgres/embeddedWorker.js');
const running = async () => {};

/**
 * Finds PostgreSQL and Redis: the ones named by `TEST_DATABASE_URL` and `TEST_REDIS_URL`, else those on the usual ports of
 * this machine, else private ones from installed binaries. What was not found is said when the run ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(compiled)) {
    throw new Error('Threads run compiled code, and there is none: run "node scripts/setup.mjs" first.');
  }
  const [postgres, redis] = await Promise.all([findPostgres(), findRedis()]);
  project.provide('postgresUrl', 'url' in postgres ? postgres.url : null);
  project.provide('postgresLack', 'url' in postgres ? null : postgres.lack);
  project.provide('redisUrl', 'url' in redis ? redis.url : null);
  project.provide('embeddedTemplate', await makeEmbeddedTemplate());
  return async () => {
    for (const [name, found] of [
      ['PostgreSQL', postgres],
      ['Redis', redis],
    ] as const) {
      if ('url' in found) await found.stop();
      else console.warn(`\nNot tested on ${name}: ${found.lack}.`);
    }
  };
}

async function findPostgres(): Promise<Found> {
  const named = process.env.TEST_DATABASE_URL;
  const url = named ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
  const problem = await failureOf(() => checkPostgres(url));
  if (problem === null) return { url, stop: running };
  if (named !== undefined) throw new Error(`TEST_DATABASE_URL cannot be used: ${problem}`);
  return startPostgresServer().catch((error: unknown) => ({ lack: `${problem}; ${messageOf(error)}` }));
}

async function checkPostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      `SELECT current_setting('server_version_num')::int / 10000 AS major, rolcreatedb OR rolsuper AS creates
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (!(Number(rows[0]?.major) >= OLDEST_POSTGRES)) throw new Error(`version ${rows[0]?.major} is too old`);
    if (rows[0]?.creates !== true) throw new Error('its user may not create databases');
  } finally {
    await client.end();
  }
}

async function findRedis(): Promise<Found> {
  const named = process.env.TEST_REDIS_URL;
  const url = named ?? 'redis://127.0.0.1:6379';
  const problem = await failureOf(async () => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
    client.on('error', () => undefined);
    await client.connect();
    await client.quit();
  });
  if (problem === null) return { url, stop: running };
  if (named !== undefined) throw new Error(`TEST_REDIS_URL cannot be used: ${problem}`);
  const lack = lackOfRedisServer();
  if (lack !== null) return { lack: `${problem}; ${lack}` };
  const server = await startRedisServer();
  return { url: server.url, stop: () => server.dispose() };
}

async function failureOf(attempt: () => Promise<void>): Promise<string | null> {
  return attempt().then(() => null, messageOf);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String(error) : String(error);
}
