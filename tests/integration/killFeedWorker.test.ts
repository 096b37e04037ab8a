import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { silentLog } from '../../src/domain/log.js';
import { isPositive } from '../../src/features/worth.js';
import { connectDatabase, type Database } from '../../src/store/postgres/database.js';
import { createStores, type PostgresStores } from '../../src/store/postgres/open.js';
import { createDatabase } from '../helpers/postgres.js';

const fixture = path.resolve(import.meta.dirname, '../fixtures/feedWorker.mjs');
const TENANT = 't';
const FOLLOWERS = 1_000;
const POSTS = 6;
const LIKERS = 60;
const LIVES = 4;

describe.skipIf(inject('postgresLack') !== null)(`kill -9 of workers ${inject('postgresLack') ?? ''}`, () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let stores: PostgresStores;
  const alive = new Set<ChildProcess>();

  beforeAll(async () => {
    ({ url, drop } = await createDatabase());
    database = await connectDatabase({ databaseUrl: url, dataDir: '', poolSize: 4, log: silentLog });
    stores = createStores(database, { isPositive, log: silentLog, clock: Date.now });
    await stores.migrate();
  });
  afterAll(async () => {
    for (const child of alive) child.kill('SIGKILL');
    await stores?.dispose();
    await drop?.();
  });

  const count = async (what: string): Promise<number> =>
    Number((await database.pool.query(`SELECT count(*)::int AS n FROM ${what}`)).rows[0]?.n);

  function startWorker(): { kill(): Promise<void>; complaints(): string } {
    const child = spawn(process.execPath, [fixture, url], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr?.on('data', (chunk) => {
      complaints += chunk;
    });
    alive.add(child);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return {
      kill() {
        child.kill('SIGKILL');
        alive.delete(child);
        return ended;
      },
      complaints: () => complaints,
    };
  }

  it('loses and duplicates no timeline row and no like', async () => {
    const people = Array.from({ length: FOLLOWERS }, (_, n) => `p${String(n).padStart(4, '0')}`);
    await stores.entities.upsertUsers(
      TENANT,
      [...people, 'ann'].map((id) => ({ id, name: id })),
    );
    const follow = (some: readonly string[]) =>
      stores.entities.addFollows(
        TENANT,
        some.map((followerId) => ({ followerId, followeeId: 'ann', createdAt: new Date() })),
      );
    await follow(people.slice(0, 700));
    const options = { createAuthor: false, fanOutLimit: 10_000 };
    const ids = Array.from({ length: POSTS }, (_, n) => `post-${n}`);
    for (const [n, id] of ids.entries()) {
      const draft = { id, authorId: 'ann', title: id, text: id, tags: [], media: null, previewUrl: null };
      await stores.posts.create(TENANT, { ...draft, createdAt: new Date(Date.now() + n) }, options);
    }
    // Follows and likes go on while workers die.
    const others = (async () => {
      for (let at = 700; at < FOLLOWERS; at += 30) await follow(people.slice(at, at + 30));
      for (const person of people.slice(0, LIKERS)) {
        for (const id of ids) await stores.posts.like(TENANT, id, person, new Date());
        await stores.posts.unlike(TENANT, ids[0] ?? '', person);
      }
    })();

    const left = 'feed_jobs j FULL JOIN (SELECT 1 FROM follows WHERE NOT backfilled) f ON false';
    let kills = 0;
    for (let life = 0; life < LIVES; life++) {
      const before = await count('timelines');
      const worker = startWorker();
      // In the midst of a delivery: something was done, and something is left.
      const isBetween = async () => (await count('timelines')) > before || (await count(left)) === 0;
      await expect.poll(isBetween, { interval: 1 }).toBe(true);
      if ((await count('feed_jobs WHERE due_at > now()')) > 0) kills += 1;
      await worker.kill();
      expect(worker.complaints()).toBe('');
    }
    expect(kills).toBeGreaterThan(0);
    await others;

    const last = startWorker();
    await expect.poll(() => count(left)).toBe(0);
    await expect.poll(() => count('post_deltas')).toBe(0);
    await last.kill();

    expect(await count('timelines')).toBe(FOLLOWERS * POSTS);
    expect(await count('(SELECT DISTINCT user_id, post_id FROM timelines) t')).toBe(FOLLOWERS * POSTS);
    const { rows } = await database.pool.query('SELECT delivered, likes FROM posts ORDER BY id');
    expect(rows).toEqual(ids.map((_, n) => ({ delivered: true, likes: n === 0 ? 0 : LIKERS })));
    const liked = await count('post_likes');
    expect(liked).toBe(LIKERS * (POSTS - 1));
  });
});
