// `npm run bench:feed`: 100 authors post once each to 10,000 followers on PostgreSQL: a million timeline rows, written the way a
// worker writes them. Feeds are read before and after, and must be the same. The plans of the queries: docs/plans.md.
//   --followers N   of each author (10000)
//   --authors N     (100)
//   --readers N     feeds read (2000)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { silentLog } from '../dist/domain/log.js';
import { isPositive } from '../dist/features/worth.js';
import { openPostgres } from '../dist/store/postgres/open.js';
import { withDatabase } from './support/database.mjs';

const { values } = parseArgs({
  options: {
    followers: { type: 'string', default: '10000' },
    authors: { type: 'string', default: '100' },
    readers: { type: 'string', default: '2000' },
  },
});
const [followers, authors, readers] = [values.followers, values.authors, values.readers].map(Number);
const TENANT = 't';
const LEASE_MS = 60_000;
const BATCH = 1_000;
const whole = (n) => Math.round(n).toLocaleString('en');

await withDatabase(async ({ databaseUrl, query }) => {
  const stores = await openPostgres({
    databaseUrl,
    dataDir: '',
    poolSize: 4,
    isPositive,
    log: silentLog,
    clock: Date.now,
  });
  try {
    await stores.migrate();
    await query(`INSERT INTO users (tenant, id, name, interests)
      SELECT 't', 'author-' || n, 'A', '{}'::text[] FROM generate_series(1, ${authors}) n
      UNION ALL SELECT 't', 'reader-' || n, 'R', '{}' FROM generate_series(1, ${followers}) n`);
    await query(`INSERT INTO follows (tenant, follower_id, followee_id, backfilled)
      SELECT 't', 'reader-' || r, 'author-' || a, true
      FROM generate_series(1, ${followers}) r, generate_series(1, ${authors}) a`);
    await query('VACUUM (ANALYZE)');

    const posted = await timed(authors, async (n) => {
      const draft = { id: `post-${n}`, authorId: `author-${n + 1}`, title: 'A post', text: 'A post', tags: ['a'] };
      const rest = { media: null, previewUrl: null, createdAt: new Date(Date.now() - (authors - n) * 1_000) };
      await stores.posts.create(TENANT, { ...draft, ...rest }, { createAuthor: false, fanOutLimit: followers });
    });
    say('createPost, with its job', posted);
    const undelivered = await readFeeds('feed, nothing delivered yet');

    const started = performance.now();
    const batches = [];
    for (
      let job = await stores.feedWork.takeJob(LEASE_MS);
      job !== null;
      job = await stores.feedWork.takeJob(LEASE_MS)
    ) {
      for (let more = true; more; ) {
        const begun = performance.now();
        more = await stores.feedWork.deliver(job, BATCH, LEASE_MS);
        batches.push(performance.now() - begun);
      }
    }
    const seconds = (performance.now() - started) / 1000;
    const [{ count, bytes }] = await query(
      `SELECT count(*)::int AS count, pg_total_relation_size('timelines')::float8 AS bytes FROM timelines`,
    );
    console.log(
      `delivered ${whole(count)} timeline rows in ${seconds.toFixed(1)} s: ${whole(count / seconds)} rows/s, ${whole(bytes / count)} bytes a row`,
    );
    say(`one batch of ${whole(BATCH)} rows`, batches);
    if (count !== followers * authors)
      throw new Error(`There are ${count} rows where ${followers * authors} were due.`);
    await query('ANALYZE timelines');
    const delivered = await readFeeds('feed, all delivered');
    if (undelivered !== delivered) throw new Error('The feed changed with the delivery.');

    async function readFeeds(name) {
      const feeds = new Set();
      const times = await timed(readers, async (n) => {
        const found = await stores.feed.followed(TENANT, `reader-${1 + (n % followers)}`, 0, 500);
        feeds.add(found.map(({ id }) => id).join());
      });
      say(`${name}, newest ${Math.min(500, authors)} posts`, times);
      say(
        'one page of 20 looked at again',
        await timed(readers, (n) =>
          stores.feed.stillFollowed(
            TENANT,
            `reader-${1 + (n % followers)}`,
            Array.from({ length: 21 }, (_, at) => `post-${at}`),
          ),
        ),
      );
      if (feeds.size !== 1) throw new Error('Readers of the same people have different feeds.');
      return [...feeds][0];
    }
  } finally {
    await stores.dispose();
  }
  console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);
});

/** Milliseconds of each call, one after another. */
async function timed(times, work) {
  const took = [];
  for (let n = 0; n < times; n++) {
    const started = performance.now();
    await work(n);
    took.push(performance.now() - started);
  }
  return took;
}

function say(name, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  console.log(`${name.padEnd(52)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`);
}
