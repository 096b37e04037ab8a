import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationDirectory, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Pool, PoolClient } from 'pg';
import { type SchemaFile, withSchemaEngine } from './schemaEngine.js';

const PRISMA_DIR = fileURLToPath(new URL('../../../prisma', import.meta.url));
const MIGRATIONS_DIR = path.join(PRISMA_DIR, 'migrations');
const NO_FILTER = { externalTables: [], externalEnums: [] };
/** Any number that nothing else of ours locks; "curio" in ASCII. */
const LOCK_KEY = '427906066799';

interface Applied {
  readonly finished: ReadonlySet<string>;
  readonly failed: readonly string[];
}

/** Names of the migrations in `prisma/migrations` that the database lacks, in order. Costs two small queries. */
export async function pendingMigrations(on: Pool | PoolClient): Promise<string[]> {
  const { finished } = await readApplied(on);
  return (await migrationNames()).filter((name) => !finished.has(name));
}

/**
 * Applies what is pending and answers the names. Each migration is one transaction together with its row in
 * `_prisma_migrations`, so one that fails or is interrupted leaves nothing; and it holds an advisory lock, so that
 * nodes which start together take turns.
 */
export async function applyMigrations(pool: Pool, onStep: (name: string) => void): Promise<string[]> {
  if ((await pendingMigrations(pool)).length === 0) return [];
  return withEngine(pool, async (engine, client) => {
    const list = await migrationList();
    const applied: string[] = [];
    for (;;) {
      const name = await applyNext(client, engine, list, onStep);
      if (name === null) return applied;
      applied.push(name);
    }
  });
}

async function applyNext(
  client: PoolClient,
  engine: SchemaEngine,
  list: MigrationList,
  onStep: (name: string) => void,
): Promise<string | null> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const { failed } = await readApplied(client);
    if (failed.length > 0) {
      throw new Error(
        `The migration ${failed.join(', ')} was started with another tool and did not finish. Bring the database to a ` +
          'sound state by hand, run "prisma migrate resolve", and migrate again.',
      );
    }
    const [name] = await pendingMigrations(client);
    if (name !== undefined) {
      onStep(name);
      const migrationDirectories = list.migrationDirectories.filter((directory) => directory.path <= name);
      await engine.applyMigrations({ migrationsList: { ...list, migrationDirectories }, filters: NO_FILTER });
    }
    await client.query('COMMIT');
    return name ?? null;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    // The engine takes a lock of its own and keeps it for the session.
    await client.query('SELECT pg_advisory_unlock_all()').catch(() => {});
  }
}

/**
 * SQL that brings the database behind `pool` to `schema.prisma`; empty when it is there. Text columns get the
 * collation that Prisma's schema cannot express.
 */
export function schemaDrift(pool: Pool): Promise<string> {
  return withEngine(pool, async (engine, _client, schema) => {
    const files = [schema];
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: PRISMA_DIR },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    if (exitCode === 0) return '';
    return (stdout ?? '').replace(/("\w+"\s+TEXT(?:\[\])?)(?=[\s,;])/g, '$1 COLLATE "C"');
  });
}

async function withEngine<T>(
  pool: Pool,
  work: (engine: SchemaEngine, client: PoolClient, schema: SchemaFile) => Promise<T>,
): Promise<T> {
  const schema = await readSchema();
  const client = await pool.connect();
  try {
    return await withSchemaEngine(pool, client, schema, (engine) => work(engine, client, schema));
  } finally {
    client.release();
  }
}

async function readSchema(): Promise<SchemaFile> {
  const file = path.join(PRISMA_DIR, 'schema.prisma');
  return { path: file, content: await readFile(file, 'utf8') };
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS_DIR, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function migrationList(): Promise<MigrationList> {
  const migrationDirectories = await Promise.all(
    (await migrationNames()).map(async (name): Promise<MigrationDirectory> => {
      const value = await readFile(path.join(MIGRATIONS_DIR, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
    }),
  );
  const content = await readFile(path.join(MIGRATIONS_DIR, 'migration_lock.toml'), 'utf8');
  return {
    baseDir: MIGRATIONS_DIR,
    lockfile: { path: 'migration_lock.toml', content },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

async function readApplied(on: Pool | PoolClient): Promise<Applied> {
  // Not to_regclass(): it may answer from a cache that is older than another node's migration.
  const table = await on.query(
    "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_prisma_migrations'",
  );
  if (table.rowCount === 0) return { finished: new Set(), failed: [] };
  const { rows } = await on.query(
    `SELECT migration_name AS name, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const named = rows.map((row: Record<string, unknown>) => ({
    name: String(row.name),
    finished: row.finished === true,
  }));
  return {
    finished: new Set(named.filter((row) => row.finished).map((row) => row.name)),
    failed: named.filter((row) => !row.finished).map((row) => row.name),
  };
}
