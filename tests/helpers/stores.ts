import { afterAll, beforeAll, describe, inject } from 'vitest';
import { type Clock, systemClock } from '../../src/domain/clock.js';
import { unguarded } from '../../src/domain/guard.js';
import { type Log, silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { readFromReplica } from '../../src/store/guarded/replica.js';
import { connectDatabase, type Database } from '../../src/store/postgres/database.js';
import { createStores, type PostgresStores } from '../../src/store/postgres/open.js';
import { createDataDir } from './embedded.js';
import { createDatabase } from './postgres.js';

export interface TestDatabase {
  readonly kind: Database['kind'];
  /** The stores over this database, shared by the tests of one `describe`: use a tenant of your own. */
  stores(): PostgresStores;
  /** Rows of any statement, past the stores. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Another node on the same database, closed at the end. Only PostgreSQL lets several in. */
  anotherNode(): Promise<PostgresStores>;
}

export interface TestDatabaseOptions {
  readonly clock?: Clock;
  readonly log?: Log;
  /** Reads what may be a little old over connections of its own, as from a replica that is never behind. */
  readonly replica?: boolean;
}

/** Runs `tests` in a `describe` on the embedded database, and in another on PostgreSQL where one was found. */
export function eachDatabase(
  name: string,
  tests: (database: TestDatabase) => void,
  { clock = systemClock, log = silentLog, replica = false }: TestDatabaseOptions = {},
): void {
  const deps = { isPositive, clock, log };

  describe(`${name} (embedded)`, () => {
    run('embedded', async () => {
      const { dataDir, remove } = await createDataDir();
      return { place: { databaseUrl: null, dataDir }, remove };
    });
  });

  const lack = inject('postgresLack');
  describe.skipIf(lack !== null)(`${name} (PostgreSQL${lack === null ? '' : `: ${lack}`})`, () => {
    run('postgresql', async () => {
      const { url, drop } = await createDatabase();
      return { place: { databaseUrl: url, dataDir: '' }, remove: drop };
    });
  });

  function run(
    kind: Database['kind'],
    make: () => Promise<{ place: { databaseUrl: string | null; dataDir: string }; remove(): Promise<void> }>,
  ): void {
    const endings: (() => Promise<void>)[] = [];
    let open: { database: Database; stores: PostgresStores; node(): Promise<PostgresStores> } | undefined;
    const opened = () => {
      if (open === undefined) throw new Error('The database is open only while tests run.');
      return open;
    };

    beforeAll(async () => {
      const { place, remove } = await make();
      endings.push(remove);
      const connect = () => connectDatabase({ ...place, poolSize: 6, log });
      const node = async () => {
        const stores = createStores(await connect(), deps);
        endings.unshift(() => stores.dispose());
        return stores;
      };
      const database = await connect();
      const primary = createStores(database, deps);
      endings.unshift(() => primary.dispose());
      // The embedded database has one connection.
      const second = replica && kind === 'postgresql' ? await node() : primary;
      const stores = replica ? readFromReplica(primary, second, unguarded) : primary;
      await stores.migrate();
      open = { database, stores, node };
    });

    afterAll(async () => {
      for (const end of endings) await end();
    });

    tests({
      kind,
      stores: () => opened().stores,
      anotherNode: () => opened().node(),
      async sql(text, values = []) {
        const { rows } = await opened().database.pool.query(text, [...values]);
        return rows;
      },
    });
  }
}
