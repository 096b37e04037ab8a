import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
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
    // The bindings report a panic here; without a listener its message would be lost.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message(message: string) {
          throw new Error(`The schema engine failed: ${message}`);
        },
      },
    });
    instance.exports.__wbindgen_start();
  })();
  return loaded;
}

/**
 * Prisma's own schema engine as WebAssembly: the same migrations and the same `_prisma_migrations` table as the
 * `prisma` command, without an engine to download. Everything it does goes over `client`, a connection of `pool`.
 * @throws Error what the database first objected to, which the engine's own words may hide.
 */
export async function withSchemaEngine<T>(
  pool: Pool,
  client: PoolClient,
  schema: SchemaFile,
  work: (engine: engine.SchemaEngine) => Promise<T>,
): Promise<T> {
  await load();
  const adapter = new CatalogAdapter(pool, client);
  const made = await engine.SchemaEngine.new(
    { datamodels: [[schema.path, schema.content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    return await work(made);
  } catch (error) {
    throw adapter.objection ?? error;
  } finally {
    made.free();
  }
}

/**
 * Prisma's adapter, on one connection instead of a pool, and put right in two places. It refuses the catalogue's
 * columns of PostgreSQL's internal one-byte type, which the engine expects as characters. And it cuts scripts at
 * every semicolon, those in comments and literals too, though PostgreSQL reads scripts whole.
 */
class CatalogAdapter extends PrismaPg {
  /** Which columns of an answer were of that type, by the answer's rows. */
  readonly #characters: WeakMap<object, number[]>;
  readonly #objections: readonly unknown[];

  constructor(pool: Pool, client: PoolClient) {
    const characters = new WeakMap<object, number[]>();
    const objections: unknown[] = [];
    const query = async (config: QueryConfig): Promise<QueryResult> => {
      const result = await client.query(config).catch((error: unknown) => {
        objections.push(error);
        throw error;
      });
      // A script of several statements answers several results.
      for (const { fields, rows } of [result].flat()) {
        const columns = fields.flatMap((field, index) => (field.dataTypeID === types.builtins.CHAR ? [index] : []));
        for (const column of columns) Object.assign(fields[column] ?? {}, { dataTypeID: types.builtins.TEXT });
        characters.set(rows, columns);
      }
      return result;
    };
    super(
      new Proxy(pool, {
        get(target, key) {
          if (key === 'query') return query;
          const member: unknown = Reflect.get(target, key, target);
          return typeof member === 'function' ? member.bind(target) : member;
        },
      }),
    );
    this.#characters = characters;
    this.#objections = objections;
  }

  /** The first error of the database. */
  get objection(): unknown {
    return this.#objections[0];
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const answer = await queryRaw(query);
      for (const column of this.#characters.get(answer.rows) ?? []) {
        answer.columnTypes[column] = ColumnTypeEnum.Character;
      }
      return answer;
    };
    adapter.executeScript = async (script) => {
      await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
    };
    return adapter;
  }
}
