import { Redis } from 'ioredis';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgresServer } from './postgresServer.js';
import { lackOfRedisServer, startRedisServer } from './redisServer.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's URL of a maintenance database; null where there is no PostgreSQL. */
    readonly postgresUrl: string | null;
    readonly redisUrl: string | null;
  }
}

/** A server for the tests, or why there is none. */
type Found = { readonly url: string; stop(): Promise<void> } | { readonly lack: string };

const running = async () => {};

/**
 * Finds PostgreSQL and Redis: the ones named by `TEST_DATABASE_URL` and `TEST_REDIS_URL`, else those on the usual ports of
 * this machine, else private ones from installed binaries. What was not found is said when the run ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([findPostgres(), findRedis()]);
  project.provide('postgresUrl', 'url' in postgres ? postgres.url : null);
  project.provide('redisUrl', 'url' in redis ? redis.url : null);
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
  const problem = await failureOf(async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    await client.connect();
    await client.end();
  });
  if (problem === null) return { url, stop: running };
  if (named !== undefined) throw new Error(`TEST_DATABASE_URL does not answer: ${problem}`);
  return startPostgresServer().catch((error: unknown) => ({ lack: `${problem}; ${messageOf(error)}` }));
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
  if (named !== undefined) throw new Error(`TEST_REDIS_URL does not answer: ${problem}`);
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
