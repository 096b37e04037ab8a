import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface ThrowAwayDatabase {
  readonly url: string;
  /** Ends the connections that are left, and the database. */
  drop(): Promise<void>;
}

/**
 * An empty database with a random name on the PostgreSQL that was found.
 * @throws Error where none was found; ask `inject('postgresUrl')` first.
 */
export async function createDatabase(): Promise<ThrowAwayDatabase> {
  const found = inject('postgresUrl');
  if (found === null) throw new Error(`There is no PostgreSQL: ${inject('postgresLack')}`);
  const name = `curio_test_${randomUUID().replaceAll('-', '')}`;
  await maintain(found, `CREATE DATABASE ${name}`);
  const url = new URL(found);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => maintain(found, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function maintain(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
