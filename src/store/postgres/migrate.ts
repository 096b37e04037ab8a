import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationDirectory, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Pool } from 'pg';
import { createSchemaEngine, type SchemaFile } from './schemaEngine.js';

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
export async function pendingMigrations(pool: Pool): Promise<string[]> {
  const { finished } = await readApplied(pool);
  return (await migrationNames()).filter((name) => !finished.has(name));
}

/**
 * Applies what is pending and answers the names. Each migration is one transaction together with its row in
 * `_prisma_migrations`, so one that fails or is interrupted leaves nothing; and it holds an advisory lock, so that
 * nodes which start together take turns. `pool` must have exactly one connection: it carries the transaction.
 */
export async function applyMigrations(pool: Pool, onStep: (name: string) => void): Promise<string[]> {
  const applied: string[] = [];
  if ((await pendingMigrations(pool)).length === 0) return applied;
  const engine = await createSchemaEngine(pool, await readSchema());
  try {
    const list = await migrationList();
    for (;;) {
      const name = await applyNext(pool, engine, list, onStep);
      if (name === null) return applied;
      applied.push(name);
    }
  } finally {
    engine.free();
  }
}

async function applyNext(
  pool: Pool,
  engine: SchemaEngine,
  list: MigrationList,
  onStep: (name: string) => void,
): Promise<string | null> {
  await pool.query('BEGIN');
  try {
    await pool.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const { failed } = await readApplied(pool);
    if (failed.length > 0) {
      throw new Error(
        `The migration ${failed.join(', ')} was started with another tool and did not finish. Bring the database to a ` +
          'sound state by hand, run "prisma migrate resolve", and migrate again.',
      );
    }
    const [name] = await pendingMigrations(pool);
    if (name !== undefined) {
      onStep(name);
      const migrationDirectories = list.migrationDirectories.filter((directory) => directory.path <= name);
      await engine.applyMigrations({ migrationsList: { ...list, migrationDirectories }, filters: NO_FILTER });
    }
    await pool.query('COMMIT');
    return name ?? null;
  } catch (error) {
    await pool.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/**
 * SQL that brings the database behind `pool` to `schema.prisma`; empty when it is there. Text columns get the
 * collation that Prisma's schema cannot express.
 */
export async function schemaDrift(pool: Pool): Promise<string> {
  const schema = await readSchema();
  const files = [schema];
  const engine = await createSchemaEngine(pool, schema);
  try {
    const { exitCode, stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: PRISMA_DIR },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    return exitCode === 0 ? '' : (stdout ?? '').replace(/("\w+"\s+TEXT(?:\[\])?)(?=[\s,;])/g, '$1 COLLATE "C"');
  } finally {
    engine.free();
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

async function readApplied(pool: Pool): Promise<Applied> {
  const table = await pool.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present");
  if (table.rows[0]?.present !== true) return { finished: new Set(), failed: [] };
  const { rows } = await pool.query(
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
