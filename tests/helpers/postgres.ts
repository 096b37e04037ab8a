import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** An empty database of our own. */
export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** @throws where no PostgreSQL was found: ask `inject('postgresUrl')` first. */
export async function createDatabase(): Promise<TestDatabase> {
  const admin = inject('postgresUrl');
  if (admin === null) throw new Error('There is no PostgreSQL for the tests.');
  const name = `curio_test_${randomBytes(6).toString('hex')}`;
  await once(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => once(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function once(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
