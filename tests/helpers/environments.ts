import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { removeKeys } from './liveAdapters.js';
import { createDatabase } from './postgres.js';

/** A place where a whole Curio can run: settings for its environment, and how to leave nothing behind. */
export interface Environment {
  readonly name: string;
  open(): Promise<{ readonly env: Readonly<Record<string, string>>; dispose(): Promise<void> }>;
}

/** Everything embedded; and PostgreSQL with Redis, where both were found (the end of the run says so when not). */
export function environments(): Environment[] {
  const embedded: Environment = { name: 'embedded', open: async () => ({ env: {}, dispose: async () => {} }) };
  const redisUrl = inject('redisUrl');
  if (inject('postgresUrl') === null || redisUrl === null) return [embedded];
  return [
    embedded,
    {
      name: 'PostgreSQL and Redis',
      async open() {
        const database = await createDatabase();
        const prefix = `curio-test-${randomUUID()}:`;
        return {
          env: { DATABASE_URL: database.url, REDIS_URL: redisUrl, CURIO_KEY_PREFIX: prefix },
          async dispose() {
            await removeKeys(redisUrl, prefix);
            await database.drop();
          },
        };
      },
    },
  ];
}
