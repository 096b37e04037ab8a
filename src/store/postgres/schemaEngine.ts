import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg, { type Pool, type PoolClient, type QueryConfig, type QueryResult } from 'pg';

/** The part of the platform's WebAssembly that is needed here; Node's type package has none of it. */
declare const WebAssembly: {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
};

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

const { types } = pg;
const require = createRequire(import.meta.url);
let loaded: Promise<void> | undefined;

/** The engine's bindings keep their WebAssembly instance in a variable of their module, so it is made once. */
function load(): Promise<void> {
  loaded ??= (async () => {
    const bindings = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const code = await readFile(path.join(path.dirname(bindings), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': engine });
    engine.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return loaded;
}

/**
 * Prisma's own schema engine as WebAssembly: the same migrations and the same `_prisma_migrations` table as the
 * `prisma` command, without an engine to download. Everything it does goes over `client`, a connection of `pool`.
 */
export async function createSchemaEngine(
  pool: Pool,
  client: PoolClient,
  schema: SchemaFile,
): Promise<engine.SchemaEngine> {
  await load();
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(throughOne(pool, client)));
  return engine.SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, adapter);
}

/** Prisma's adapter cuts scripts at every semicolon, those in comments and literals too; PostgreSQL can read them whole. */
class WholeScripts extends PrismaPg {
  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
    };
    return adapter;
  }
}

/**
 * The adapter wants a pool: this one asks its one connection. The catalogue has columns of PostgreSQL's internal
 * one-byte type, which the adapter refuses to read; they are presented as text.
 */
function throughOne(pool: Pool, client: PoolClient): Pool {
  async function query(config: QueryConfig): Promise<QueryResult> {
    const result = await client.query(config);
    // A script of several statements answers several results.
    for (const { fields } of [result].flat()) {
      for (const field of fields) {
        if (field.dataTypeID === types.builtins.CHAR) field.dataTypeID = types.builtins.TEXT;
      }
    }
    return result;
  }
  return new Proxy(pool, {
    get(target, key) {
      if (key === 'query') return query;
      const member: unknown = Reflect.get(target, key, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
