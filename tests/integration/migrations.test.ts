import { describe, expect, inject, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { connectDatabase } from '../../src/store/postgres/database.js';
import { applyMigrations, pendingMigrations, schemaDrift } from '../../src/store/postgres/migrate.js';
import { databaseBackends } from '../helpers/databases.js';
import { createDatabase } from '../helpers/postgres.js';

const INIT = /^\d{14}_init$/;

describe.each(databaseBackends)('migrations on $name', ({ lack, make }) => {
  it.skipIf(lack !== null)(
    `make what schema.prisma says, with text that sorts by its bytes ${lack ?? ''}`,
    async () => {
      const { place, remove } = await make({ empty: true });
      const { pool, dispose } = await connectDatabase({ ...place, poolSize: 2, log: silentLog });
      try {
        expect(await pendingMigrations(pool)).toEqual(expect.arrayContaining([expect.stringMatching(INIT)]));
        const steps: string[] = [];
        const applied = await applyMigrations(pool, (name) => steps.push(name));
        expect(applied).toEqual(steps);
        expect(applied[0]).toMatch(INIT);
        expect(await pendingMigrations(pool)).toEqual([]);
        expect(await applyMigrations(pool, () => {})).toEqual([]);

        expect(await schemaDrift(pool)).toBe('');
        const { rows: unsorted } = await pool.query(
          `SELECT c.relname || '.' || a.attname AS column FROM pg_attribute a
         JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
         JOIN pg_collation l ON l.oid = a.attcollation
         WHERE a.attnum > 0 AND NOT a.attisdropped AND l.collname <> 'C' AND c.relname <> '_prisma_migrations'`,
        );
        expect(unsorted).toEqual([]);

        await pool.query('ALTER TABLE items DROP COLUMN kind');
        expect(await schemaDrift(pool)).toMatch(/ADD COLUMN\s+"kind" TEXT COLLATE "C" NOT NULL/);
      } finally {
        await dispose();
        await remove();
      }
    },
  );
});

describe.skipIf(inject('postgresLack') !== null)(`migrations on PostgreSQL ${inject('postgresLack') ?? ''}`, () => {
  it('are applied once by nodes that start together', async () => {
    const { url, drop } = await createDatabase();
    const nodes = await Promise.all(
      Array.from({ length: 4 }, () => connectDatabase({ databaseUrl: url, dataDir: '', poolSize: 2, log: silentLog })),
    );
    try {
      const applied = await Promise.all(nodes.map(({ pool }) => applyMigrations(pool, () => {})));
      expect(applied.flat().length).toBe(new Set(applied.flat()).size);
      expect(applied.flat()).toEqual(expect.arrayContaining([expect.stringMatching(INIT)]));
    } finally {
      await Promise.all(nodes.map(({ dispose }) => dispose()));
      await drop();
    }
  });

  it('leave nothing of a migration that fails', async () => {
    const { url, drop } = await createDatabase();
    const { pool, dispose } = await connectDatabase({ databaseUrl: url, dataDir: '', poolSize: 2, log: silentLog });
    try {
      // Something of the first migration's is there already.
      await pool.query('CREATE TYPE model_status AS ENUM ()');
      await expect(applyMigrations(pool, () => {})).rejects.toThrow(/model_status/);
      const { rows } = await pool.query("SELECT to_regclass('users') AS users, to_regtype('action') AS action");
      expect(rows).toEqual([{ users: null, action: null }]);

      await pool.query('DROP TYPE model_status');
      expect((await applyMigrations(pool, () => {}))[0]).toMatch(INIT);
    } finally {
      await dispose();
      await drop();
    }
  });
});
