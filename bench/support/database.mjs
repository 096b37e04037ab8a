// A PostgreSQL database of our own for one benchmark, dropped afterwards.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

/**
 * Runs `work({ databaseUrl, query })`; says why and returns when there is no PostgreSQL. With `{ name, keep: true }` the
 * database is found again by the next run.
 */
export async function withDatabase(work, { name: given, keep = false } = {}) {
  const admin = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
  try {
    await admin.connect();
  } catch (error) {
    console.log(`Skipped: no PostgreSQL at ${adminUrl} (${error.message}); set TEST_DATABASE_URL.`);
    return;
  }
  const name = given ?? `curio_bench_${randomBytes(4).toString('hex')}`;
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (rowCount === 0) await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const [{ version }] = (await client.query('SELECT version()')).rows;
    console.log(version.split(' ').slice(0, 2).join(' '));
    await work({ databaseUrl: url.href, query: async (text, values) => (await client.query(text, values)).rows });
  } finally {
    await client.end();
    if (!keep) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  }
}
