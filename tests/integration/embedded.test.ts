import { existsSync } from 'node:fs';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { openEmbedded } from '../../src/store/postgres/embedded.js';
import { lockFolder } from '../../src/store/postgres/folderLock.js';
import { createDataDir } from '../helpers/embedded.js';

const HEARTBEAT_MS = 500;
const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function newDataDir(options = {}): Promise<string> {
  const { dataDir, remove } = await createDataDir(options);
  endings.push(remove);
  return dataDir;
}

async function open(dataDir: string) {
  const database = await openEmbedded(dataDir, silentLog);
  let open = true;
  const close = async () => {
    if (open) await database.dispose();
    open = false;
  };
  endings.push(close);
  return { pool: database.pool, close };
}

describe('the embedded database', () => {
  it('keeps what it was told, and leaves nothing but its folder', async () => {
    const dataDir = await newDataDir();
    const first = await open(dataDir);
    await first.pool.query("INSERT INTO users (tenant, id, name) VALUES ('t', 'u', 'U')");
    await first.close();
    expect(await readdir(dataDir)).toEqual(['database']);
    const second = await open(dataDir);
    expect((await second.pool.query('SELECT id FROM users')).rows).toEqual([{ id: 'u' }]);
  });

  it('waits for the disk before it acknowledges', async () => {
    const { pool } = await open(await newDataDir());
    const { rows } = await pool.query(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('wal_sync_method') AS method`,
    );
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', method: 'fsync' }]);
  });

  it('is for one process: the second is told who has it and what to do', async () => {
    const dataDir = await newDataDir();
    await open(dataDir);
    const refusal = open(dataDir);
    await expect(refusal).rejects.toThrow(path.join(dataDir, 'database'));
    await expect(refusal).rejects.toThrow(`process ${process.pid}`);
    await expect(refusal).rejects.toThrow('DATABASE_URL');
  });

  it('starts afresh where the first start was interrupted', async () => {
    const dataDir = await newDataDir({ empty: true });
    await mkdir(path.join(dataDir, 'database'));
    await writeFile(path.join(dataDir, 'database', 'PG_VERSION'), '18\n');
    await writeFile(path.join(dataDir, 'database.unfinished'), '');
    const { pool } = await open(dataDir);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(existsSync(path.join(dataDir, 'database.unfinished'))).toBe(false);
  });

  it('says that its folder is damaged, what to do, and lets go of it', async () => {
    const dataDir = await newDataDir();
    await writeFile(path.join(dataDir, 'database', 'global', 'pg_control'), 'not a control file');
    for (let attempt = 0; attempt < 2; attempt++) {
      const failure = open(dataDir);
      await expect(failure).rejects.toThrow(`${path.join(dataDir, 'database')} could not be opened`);
      await expect(failure).rejects.toThrow(/backup.*DATABASE_URL/s);
    }
    expect(await readdir(dataDir)).toEqual(['database']);
  });

  it('knows how large its tables are, and gives back the room of dead rows', async () => {
    const dataDir = await newDataDir();
    const first = await open(dataDir);
    await first.pool.query(
      "INSERT INTO users (tenant, id, name) SELECT 't', 'u' || n, 'U' FROM generate_series(1, 3000) n",
    );
    await first.pool.query("DELETE FROM users WHERE id > 'u2'");
    await first.close();
    const { pool } = await open(dataDir);
    const { rows } = await pool.query(
      `SELECT reltuples::int AS known, (SELECT count(*) FROM users)::int AS real,
              (SELECT count(*) FROM pg_stats WHERE tablename = 'users')::int > 0 AS analysed
       FROM pg_class WHERE relname = 'users'`,
    );
    expect(rows).toEqual([{ known: rows[0]?.real, real: expect.any(Number), analysed: true }]);
    expect(rows[0]?.real).toBeLessThan(2_000);
  });

  it('goes on after a statement that fails', async () => {
    const { pool } = await open(await newDataDir());
    await expect(pool.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
    await expect(pool.query('SELEC')).rejects.toThrow('syntax error');
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('the lock of a folder', () => {
  const deadDoor = () => path.join(os.tmpdir(), `curio-no-such-folder-${process.pid}`, 'alive');
  const holder = (door: string) => JSON.stringify({ pid: 1, dir: path.dirname(door), door });

  it('is held once, and free again after its release', async () => {
    const folder = path.join(await newDataDir({ empty: true }), 'x');
    const lock = await lockFolder(folder, HEARTBEAT_MS);
    await expect(lockFolder(folder, HEARTBEAT_MS)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    expect(existsSync(lock.dir)).toBe(false);
    const again = await lockFolder(folder, HEARTBEAT_MS);
    await again.release();
  });

  it('of a dead holder goes to exactly one of those who want it', async () => {
    const folder = path.join(await newDataDir({ empty: true }), 'x');
    await writeFile(`${folder}.lock`, holder(deadDoor()));
    await utimes(`${folder}.lock`, 0, 0);
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, HEARTBEAT_MS)));
    const locks = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    for (const lock of locks) endings.push(() => lock.release());
    expect(locks).toHaveLength(1);
  });

  it('that cannot be read, and is not about to be written, is nobody’s', async () => {
    const folder = path.join(await newDataDir({ empty: true }), 'x');
    await writeFile(`${folder}.lock`, '');
    await utimes(`${folder}.lock`, 0, 0);
    const lock = await lockFolder(folder, HEARTBEAT_MS);
    await lock.release();
  });

  it('of a holder who is out of sight is held while its heart beats', async () => {
    const folder = path.join(await newDataDir({ empty: true }), 'x');
    const file = `${folder}.lock`;
    await writeFile(file, holder(deadDoor()));
    const heart = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS / 20);
    try {
      await expect(lockFolder(folder, HEARTBEAT_MS)).rejects.toThrow('process 1.');
    } finally {
      clearInterval(heart);
    }
    const lock = await lockFolder(folder, HEARTBEAT_MS);
    await lock.release();
  });
});
