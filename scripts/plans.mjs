// `node scripts/plans.mjs [URL]`: writes docs/plans.md, how PostgreSQL runs each hot query on a million interactions. Makes a
// database of its own on the server and drops it. The queries are not copied here: the stores are asked, and what
// they send is explained.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';
import { silentLog } from '../dist/domain/log.js';
import { isPositive } from '../dist/features/worth.js';
import { openPostgres } from '../dist/store/postgres/open.js';

const server = process.argv[2] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const NAME = 'curio_plans';
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);

/** 20,000 people and 50,000 items, both with a long tail, over a hundred days. */
const WORLD = `
  SELECT setseed(0.5);
  INSERT INTO users (tenant, id, name, interests) SELECT 't', 'user-' || n, 'User ' || n, '{a,b}' FROM generate_series(1, 20000) n;
  INSERT INTO items (tenant, id, kind, title, tags, author_id)
    SELECT 't', 'item-' || n, 'film', 'Item ' || n, '{a,b}', CASE WHEN n % 3 = 0 THEN 'user-' || (1 + n % 20000) END
    FROM generate_series(1, 50000) n;
  INSERT INTO interactions (tenant, user_id, occurred_at, event_id, item_id, target_user_id, action)
    SELECT 't', 'user-' || (1 + floor(20000 * power(random(), 2)))::int,
      to_timestamp(${START_MS / 1000} + n * 8.64), 'event-' || md5(n::text),
      CASE WHEN n % 50 <> 0 THEN 'item-' || (1 + floor(50000 * power(random(), 3)))::int END,
      CASE WHEN n % 50 = 0 THEN 'user-' || (1 + floor(20000 * random()))::int END,
      CASE WHEN n % 50 = 0 THEN 'FOLLOW' WHEN n % 5 = 0 THEN 'LIKE' ELSE 'VIEW' END::action
    FROM generate_series(1, 1000000) n;
  INSERT INTO event_keys SELECT tenant, event_id FROM interactions;
  INSERT INTO item_stats (tenant, item_id, views, likes, popularity)
    SELECT tenant, item_id, count(*) FILTER (WHERE action = 'VIEW'), count(*) FILTER (WHERE action = 'LIKE'),
      count(*) FILTER (WHERE action = 'LIKE')
    FROM interactions WHERE item_id IS NOT NULL GROUP BY tenant, item_id;
  INSERT INTO follows SELECT DISTINCT tenant, user_id, target_user_id FROM interactions WHERE target_user_id IS NOT NULL;
  INSERT INTO recommendation_requests (tenant, request_id, user_id, surface, model_version, degraded, item_ids)
    SELECT 't', 'request-' || n, 'user-' || (1 + n % 20000), 'home', 'm', 'NONE', '{}' FROM generate_series(1, 100000) n;
  INSERT INTO items (tenant, id, kind, title, tags, author_id)
    SELECT 't', 'post-' || n, 'post', 'Post ' || n, '{a,b}', 'user-' || (1 + n % 2000) FROM generate_series(1, 20000) n;
  INSERT INTO posts (tenant, id, author_id, created_at, delivered, likes)
    SELECT 't', 'post-' || n, 'user-' || (1 + n % 2000), to_timestamp(${START_MS / 1000} + n * 388.0), n % 100 <> 0, n % 50
    FROM generate_series(1, 20000) n;
  INSERT INTO timelines (tenant, user_id, created_at, post_id)
    SELECT DISTINCT 't', 'user-' || u, to_timestamp(${START_MS / 1000} + n * 388.0), 'post-' || n
    FROM (SELECT u, 1 + ((u::bigint * 50 + k) * 7919) % 20000 AS n FROM generate_series(1, 20000) u, generate_series(1, 50) k) s;
  INSERT INTO follows (tenant, follower_id, followee_id) SELECT 't', 'user-7', 'user-' || n FROM generate_series(1, 300) n
    ON CONFLICT DO NOTHING;
  INSERT INTO timelines (tenant, user_id, created_at, post_id) SELECT p.tenant, 'user-7', p.created_at, p.id
    FROM posts p JOIN follows f ON f.tenant = p.tenant AND f.follower_id = 'user-7' AND f.followee_id = p.author_id
    WHERE p.delivered ON CONFLICT DO NOTHING;
  UPDATE follows SET backfilled = true;
  INSERT INTO follows (tenant, follower_id, followee_id, backfilled)
    SELECT 't', 'user-' || n, 'user-20000', true FROM generate_series(1, 5000) n ON CONFLICT DO NOTHING;
  INSERT INTO items (tenant, id, kind, title, tags, author_id) VALUES ('t', 'post-new', 'post', 'New', '{}', 'user-20000');
  INSERT INTO posts (tenant, id, author_id, created_at) VALUES ('t', 'post-new', 'user-20000', now());
  INSERT INTO feed_jobs (tenant, post_id, author_id) VALUES ('t', 'post-new', 'user-20000');`;

const eventOf = (n) => ({
  tenant: 't',
  eventId: `new-${n}`,
  userId: `user-${1 + ((n * 7919) % 20_000)}`,
  target: { itemId: `item-${1 + ((n * 104_729) % 50_000)}` },
  action: n % 5 === 0 ? 'LIKE' : 'VIEW',
  value: null,
  durationMs: null,
  requestId: null,
  position: null,
  context: null,
  occurredAt: START_MS + 100 * DAY_MS + n,
});
const ids = (kind, count) => Array.from({ length: count }, (_, n) => `${kind}-${1 + n * 997}`);
const first = async (pages) => {
  for await (const page of pages) return page;
};

/** What is asked of the stores, and the lines of its plan that matter where the whole would hide them. */
const WRITES = /Insert on|Delete on|Update on|LockRows|Index (Only )?Scan|Seq Scan/;
const questions = [
  ['Append one event', (s) => s.eventLog.append([eventOf(1)], { createMissing: 'users' }), WRITES],
  [
    'Append 1,000 events',
    (s) =>
      s.eventLog.append(
        Array.from({ length: 1_000 }, (_, n) => eventOf(n + 2)),
        { createMissing: 'users' },
      ),
    WRITES,
  ],
  ['A person’s history, first page', (s) => s.eventLog.history('t', 'user-1', 21, null)],
  [
    'A person’s history, a later page',
    (s) => s.eventLog.history('t', 'user-1', 21, { occurredAt: START_MS + 50 * DAY_MS, seq: 500_000n }),
  ],
  ['The newest 200 events of a person', (s) => s.eventLog.personEvents('t', ['user-7'], 200)],
  ['What a person did to people', (s) => s.eventLog.actsOf('t', ['user-7'], 10_000)],
  ['What people did to a person lately', (s) => s.eventLog.actsOn('t', ['user-7'], 500)],
  ['Who of 300 people blocked a person', (s) => s.eventLog.blockersAmong('t', 'user-7', ids('user', 300))],
  ['Whom 100 people follow, and who follows them', (s) => s.entities.circles('t', ids('user', 100), 100)],
  ['Who was active lately', (s) => s.eventLog.recentlyActive('t', 2_000)],
  ['Scan of the users, one page', (s) => first(s.entities.scanUsers('t'))],
  ['Scan of the follows, one page', (s) => first(s.entities.scanFollows('t'))],
  ['When 20 people were last active', (s) => s.entities.lastActive('t', ids('user', 20))],
  ['20 items by id', (s) => s.entities.items('t', ids('item', 20))],
  ['Counts of 20 items', (s) => s.entities.itemStats('t', ids('item', 20))],
  ['The 200 most popular items', (s) => s.entities.popularItems('t', 200)],
  ['Scan of the log for training, one page', (s) => first(s.eventLog.scan('t', START_MS + 100 * DAY_MS))],
  ['Number of events to train on', (s) => s.eventLog.count('t', START_MS + 100 * DAY_MS)],
  ['Scan of the items, one page', (s) => first(s.entities.scanItems('t'))],
  [
    'The newest 500 posts of the 300 people a person follows, of a million timeline rows',
    (s) => s.feed.followed('t', 'user-7', START_MS, 500),
  ],
  ['A page of a feed, looked at again', (s) => s.feed.stillFollowed('t', 'user-7', ids('post', 21))],
  [
    'Deliver a post to 1,000 followers',
    (s) => s.feedWork.deliver({ tenant: 't', postId: 'post-new' }, 1_000, 30_000),
    /Delete on|Insert on|Update on|Index (Only )?Scan|Seq Scan/,
  ],
  [
    'Erase a person',
    (s) => s.entities.eraseUser('t', 'user-9'),
    /Delete on|Insert on|Update on|Index (Only )?Scan|Seq Scan/,
  ],
];

const admin = new pg.Client({ connectionString: server });
await admin.connect();
await admin.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`);
await admin.query(`CREATE DATABASE ${NAME}`);
const url = new URL(server);
url.pathname = `/${NAME}`;
const stores = await openPostgres({
  databaseUrl: url.href,
  dataDir: '',
  poolSize: 2,
  isPositive,
  log: silentLog,
  clock: () => START_MS,
});
const client = new pg.Client({ connectionString: url.href });
try {
  await stores.migrate();
  await client.connect();
  await client.query(WORLD);
  await client.query('VACUUM (ANALYZE)');
  const version = await stores.version();
  const sections = [];
  for (const [title, ask, lines] of questions) sections.push(`## ${title}\n\n${await explain(ask, lines)}`);
  const head = `# How the hot queries run

PostgreSQL ${version}, a million interactions of 20,000 people on 50,000 items, 20,000 posts and a million timeline rows, everything in memory. Made by
\`node scripts/plans.mjs [URL of a server]\`; times are of one run on a shared machine with two cores, so trust their ratios. Where
a plan has many parts, only those that touch a table are shown.
`;
  writeFileSync(path.join(root, 'docs/plans.md'), `${head}\n${sections.join('\n')}`);
} finally {
  await client.end();
  await stores.dispose();
  await admin.query(`DROP DATABASE ${NAME} WITH (FORCE)`);
  await admin.end();
}

/**
 * Asks, and explains each statement just before it is run, on the same connection and as it is run: prepared, with the
 * plan for any parameters. What explaining changes is undone.
 */
async function explain(ask, lines = /./) {
  const parts = [];
  const open = new WeakSet();
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (config, ...rest) {
    const done = typeof rest.at(-1) === 'function' ? rest.pop() : undefined;
    const statement = typeof config === 'string' ? { text: config, values: rest[0] ?? [] } : config;
    const send = (text, values) => query.call(this, text, values);
    const answered = (async () => {
      if (statement.text === 'BEGIN') open.add(this);
      else if (statement.text === 'COMMIT') open.delete(this);
      else if (!/^(SET|LOCK)/.test(statement.text)) {
        const inside = open.has(this);
        await send(inside ? 'SAVEPOINT before' : 'BEGIN');
        const rows = await planOf(send, statement);
        await send(inside ? 'ROLLBACK TO before' : 'ROLLBACK');
        const head = lines.source === '.' ? [] : [`-- ${statement.text.trim().split('\n')[0].slice(0, 110)}`];
        const shown = rows.filter((row) => lines.test(row) || row.startsWith('Execution'));
        parts.push([...head, ...shown.map((row) => row.slice(0, 200))].join('\n'));
      }
      return query.call(this, config, ...rest);
    })();
    if (done === undefined) return answered;
    answered.then((result) => done(null, result), done);
  };
  try {
    await ask(stores);
  } finally {
    pg.Client.prototype.query = query;
  }
  return `\`\`\`text\n${parts.join('\n\n')}\n\`\`\`\n`;
}

async function planOf(send, { name, text, values = [] }) {
  const how = 'EXPLAIN (ANALYZE, COSTS OFF)';
  if (name !== undefined) await send(`PREPARE explained AS ${text}`);
  const literals = values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(String(prepareValue(value)))));
  const result =
    name === undefined
      ? await send(`${how} ${text}`, values)
      : await send(`${how} EXECUTE explained(${literals.join(', ')})`);
  if (name !== undefined) await send('DEALLOCATE explained');
  return result.rows.map((row) => row['QUERY PLAN']).filter((row) => !row.startsWith('Planning'));
}
