import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { type ChaosNode, openChaosNode } from '../helpers/chaos.js';
import { createDatabase, type ThrowAwayDatabase } from '../helpers/postgres.js';
import { openWire, type Wire } from '../helpers/wire.js';

/** What a request may take more on a machine that does other things. */
const SLACK_MS = 20_000;
const REQUEST_MS = 6_000;
const lack = inject('postgresLack');

/** Whatever can be asked. `$user` is someone of the sample world, `$id` is new each time. */
const OPERATIONS: Readonly<Record<string, string>> = {
  viewer: '{ viewer { id name lastActiveAt } }',
  user: '{ user(id: "user-2") { name history(first: 3) { edges { node { action } } } } }',
  item: '{ item(id: "lens-2") { title stats { views } author { name } similar(first: 2) { score } } }',
  items: '{ items(ids: ["lens-3", "lens-4"]) { title } }',
  recommendations:
    'query ($user: ID!) { recommendations(userId: $user, first: 3) { degraded recommendations { score } } }',
  recommendedUsers: 'query ($user: ID!) { recommendedUsers(userId: $user, first: 3) { degraded } }',
  similarUsers: 'query ($user: ID!) { similarUsers(userId: $user, first: 3) { score user { name } } }',
  similarItems: '{ similarItems(itemId: "lens-1", first: 3) { score } }',
  search: '{ search(query: "cat", first: 3) { degraded edges { node { title } } } }',
  suggest: '{ suggest(prefix: "ca", first: 3) }',
  trending: '{ trending(window: WEEK, first: 3) { rank item { title } } }',
  feed: 'query ($user: ID!) { feed(userId: $user, first: 3) { degraded edges { node { text likeCount comments { edges { cursor } } } } people(first: 2) { score: matchScore } } }',
  post: 'query ($post: ID!) { post(id: $post) { text likedByViewer } }',
  comments: 'query ($post: ID!) { comments(postId: $post, first: 3) { edges { node { text } } } }',
  rules: '{ rules { id } }',
  sendFeedback:
    'mutation ($user: ID!, $id: ID!) { sendFeedback(input: { userId: $user, eventId: $id, target: { itemId: "lens-1" }, action: VIEW }) { duplicate } }',
  sendFeedbackBatch:
    'mutation ($user: ID!, $id: ID!) { sendFeedbackBatch(inputs: [{ userId: $user, eventId: $id, target: { itemId: "lens-1" }, action: VIEW }]) { accepted } }',
  refreshRecommendations: 'mutation ($user: ID!) { refreshRecommendations(userId: $user) }',
  follow: 'mutation ($user: ID!) { follow(id: "user-9", userId: $user) }',
  block: 'mutation ($user: ID!) { block(id: "user-8", userId: $user) }',
  createPost: 'mutation ($user: ID!) { createPost(input: { text: "hello" }, userId: $user) { post { id } } }',
  likePost: 'mutation ($post: ID!, $user: ID!) { likePost(id: $post, userId: $user) { likeCount } }',
  unlikePost: 'mutation ($post: ID!, $user: ID!) { unlikePost(id: $post, userId: $user) { likeCount } }',
  comment: 'mutation ($post: ID!, $user: ID!) { comment(postId: $post, text: "well", userId: $user) { id } }',
  deletePost: 'mutation ($id: ID!) { deletePost(id: $id) }',
  upsertItems: 'mutation ($id: ID!) { upsertItems(items: [{ id: $id, kind: "lens", title: "New" }]) { created } }',
  upsertUsers: 'mutation ($id: ID!) { upsertUsers(users: [{ id: $id, name: "New" }]) { created } }',
  hideItem: 'mutation { hideItem(id: "lens-80") { id } }',
  setConsent: 'mutation ($user: ID!) { setConsent(personalisation: true, userId: $user) }',
  eraseUser: 'mutation ($id: ID!) { eraseUser(id: $id) }',
  upsertRule: 'mutation ($id: ID!) { upsertRule(rule: { id: $id, kind: BURY, target: { ids: ["lens-7"] } }) { id } }',
  deleteRule: 'mutation ($id: ID!) { deleteRule(id: $id) }',
};

const ROUTES = [
  '/v1/lens_recs?user_id=user-1&num=3',
  '/v1/lens_search?query=cat&num=3',
  '/v1/users/user-1/recommendations?limit=3',
  '/v1/users/user-1/similar?limit=3',
  '/v1/recommendations/performance',
];

/** What is done to its end, or for all callers together; two of each at most. */
const ENDS_BY_ITSELF = [
  'WITH input AS MATERIALIZED',
  'INSERT INTO recommendation_requests',
  'INSERT INTO users AS u',
  'UPDATE "public"."items"',
  '"public"."business_rules"',
  // An erasure begins so; and what a worker does.
  'pg_advisory_xact_lock',
  'feed_jobs',
  'FROM erasures',
  'media_deletions',
  // What fills indexes reads everything, a page at a time.
  'ORDER BY id LIMIT $2',
  'post_deltas',
  // What changed since the version was made, for everyone.
  'FROM items WHERE tenant = $1 AND (updated_at',
  'model_versions',
];

const answered = z.looseObject({
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
});

describe.skipIf(lack !== null)(`every operation without PostgreSQL ${lack ?? ''}`, () => {
  let database: ThrowAwayDatabase;
  let wire: Wire;
  let node: ChaosNode;
  let post: string;
  let key: string;
  beforeAll(async () => {
    database = await createDatabase();
    const direct = new URL(database.url);
    wire = await openWire(direct.hostname, Number(direct.port || 5432));
    await wire.mend();
    const through = new URL(database.url);
    through.hostname = '127.0.0.1';
    through.port = String(wire.port);
    // Far enough apart that on a busy machine a poorer list still comes before its request is over.
    const env = { CURIO_DEADLINE_MS: '1000', CURIO_REQUEST_TIMEOUT_MS: String(REQUEST_MS) };
    node = await openChaosNode({ ...env, DATABASE_URL: through.href }, { ...env, DATABASE_URL: database.url });
    key = /\S{30,}/.exec(await node.run('key', 'create', '--name', 'chaos', '--role', 'service'))?.[0] ?? '';
    const made = await node.ask(OPERATIONS.createPost ?? '', { user: 'user-5' });
    post = made.data?.createPost.post.id;
  });
  afterAll(async () => {
    await node?.dispose();
    await wire?.close();
    await database?.drop();
  });

  afterEach(async () => {
    wire.release();
    await wire.mend();
  });

  /** What each operation answered: `ok`, or the code of its first error. */
  const askAll = async () => {
    const asked = Object.entries(OPERATIONS).map(async ([name, query], place) => {
      const { errors } = await node.ask(query, { user: `user-${10 + place}`, post, id: randomUUID() });
      return [name, errors?.[0]?.extensions.code ?? 'ok'] as const;
    });
    return new Map(await Promise.all(asked));
  };
  const askRoutes = () =>
    Promise.all(
      ROUTES.map(async (route) => {
        const response = await fetch(`${node.url}${route}`, { headers: { 'x-api-key': key } });
        answered.parse(await response.json());
        return response.status;
      }),
    );

  const whole = async () => {
    await expect.poll(async () => [...(await askAll())].filter(([, code]) => code !== 'ok')).toEqual([]);
    await expect.poll(askRoutes).toEqual(ROUTES.map(() => 200));
  };

  /** A poorer answer, or an error that says to come again: never one of ours. */
  const expectHonest = (answers: ReadonlyMap<string, string>) => {
    const codes = ['ok', 'TIMEOUT', 'RATE_LIMITED'];
    expect([...answers].filter(([, code]) => !codes.includes(code))).toEqual([]);
    for (const name of ['recommendations', 'recommendedUsers', 'search', 'feed', 'trending']) {
      expect([name, answers.get(name)]).toEqual([name, 'ok']);
    }
    for (const name of ['sendFeedback', 'createPost', 'likePost', 'upsertItems', 'upsertRule']) {
      expect([name, answers.get(name)]).toEqual([name, 'TIMEOUT']);
    }
  };

  const running = async () => {
    const client = new pg.Client({ connectionString: database.url, application_name: 'watcher' });
    await client.connect();
    const { rows } = await client.query(
      `SELECT left(query, 200) AS query FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'curio' AND state = 'active'
         AND query_start < now() - interval '7 seconds'`,
    );
    await client.end();
    return rows.map(({ query }) => query);
  };

  it('cut off: answered in a poorer way or refused by name, at once and while the breaker is open', async () => {
    await whole();
    await wire.cut();
    for (let round = 0; round < 3; round++) {
      const answers = await askAll();
      expectHonest(answers);
      for (const status of await askRoutes()) expect([200, 503]).toContain(status);
    }
    await wire.mend();
    await whole();
  });

  it('silent: the same, and not later than a request may take', async () => {
    await whole();
    wire.hold();
    for (let round = 0; round < 3; round++) {
      const started = performance.now();
      expectHonest(await askAll());
      expect(performance.now() - started).toBeLessThan(REQUEST_MS + SLACK_MS);
    }
    wire.release();
    await whole();
  });

  it('every table locked: the same, and nothing is left running in the database when the requests are over', async () => {
    await whole();
    const holder = new pg.Client({ connectionString: database.url, application_name: 'holder' });
    await holder.connect();
    holder.on('error', () => {});
    await holder.query(`SET idle_in_transaction_session_timeout = '240s'`);
    const { rows } = await holder.query(
      `SELECT string_agg(format('%I', tablename), ', ') AS names FROM pg_tables WHERE schemaname = 'public'`,
    );
    await holder.query(`BEGIN; LOCK TABLE ${rows[0].names} IN ACCESS EXCLUSIVE MODE`);
    const answers = await askAll();
    // Longer than a request may take, or patience for a read lasts.
    await new Promise((later) => setTimeout(later, 8_000));
    const stopped = async () =>
      (await running()).filter((query) => !ENDS_BY_ITSELF.some((part) => query.includes(part)));
    await expect.poll(stopped).toEqual([]);
    await holder.query('ROLLBACK');
    await holder.end();
    expectHonest(answers);
    await whole();
  });
});
