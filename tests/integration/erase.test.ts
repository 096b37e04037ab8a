import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tenantFolder } from '../../src/registry/folderNames.js';
import { loadVersion } from '../../src/registry/versionFolder.js';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

const ID = 'zoe-4711-quux';
const NEEDLES = [ID, 'quuxbury'];
const PERSON = {
  id: ID,
  name: 'Zoe Quuxbury',
  age: 33,
  location: 'Quuxbury Hollow',
  bio: 'I am Quuxbury',
  interests: ['horror', 'quuxbury spotting'],
};
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

const shared = environments().find(({ name }) => name !== 'embedded');
const lack = shared === undefined ? (inject('postgresLack') ?? 'no Redis found') : null;

const names = (text: string) => NEEDLES.some((needle) => text.toLowerCase().includes(needle));

describe.skipIf(lack !== null)(`erasing a person ${lack ?? ''}`, () => {
  let curio: Curio;
  let nodes: [RunningServer, RunningServer];
  let dispose: () => Promise<void>;
  let env: Readonly<Record<string, string>>;
  let sql: Client;
  let redis: Redis;

  beforeAll(async () => {
    const environment = (await shared?.open()) ?? { env: {}, dispose: async () => {} };
    ({ env, dispose } = environment);
    curio = await openCurio(env);
    await curio.run('sample', '--users', '60', '--items', '80');
    nodes = [await curio.serve(), await curio.serve()];
    sql = new Client({ connectionString: env.DATABASE_URL });
    await sql.connect();
    redis = new Redis(env.REDIS_URL ?? '');
  });
  afterAll(async () => {
    await sql.end();
    redis.disconnect();
    await curio.dispose();
    await dispose();
  });

  /** Every table there is, of whatever name, that names the person in any column. */
  async function tables(): Promise<string[]> {
    const { rows } = await sql.query(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await sql.query(
        `SELECT 1 FROM ${name} t WHERE lower(to_jsonb(t)::text) LIKE ANY($1) LIMIT 1`,
        [NEEDLES.map((needle) => `%${needle}%`)],
      );
      if (rowCount !== 0) found.push(name);
    }
    return found;
  }

  /** Every key of Redis that names the person, in its own name or in what it holds. */
  async function keys(): Promise<string[]> {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, some] = await redis.scan(cursor, 'MATCH', `${env.CURIO_KEY_PREFIX}*`, 'COUNT', 1_000);
      for (const key of some) if (names(key) || names(await contentOf(key))) found.push(key);
      cursor = next;
    } while (cursor !== '0');
    return found;
  }
  async function contentOf(key: string): Promise<string> {
    const type = await redis.type(key);
    if (type === 'none') return '';
    if (type === 'string') return (await redis.get(key)) ?? '';
    if (type === 'zset') return (await redis.zrangebyscore(key, '-inf', '+inf')).join('\n');
    if (type === 'hash') return JSON.stringify(await redis.hgetall(key));
    if (type === 'set') return (await redis.smembers(key)).join('\n');
    if (type === 'list') return (await redis.lrange(key, 0, -1)).join('\n');
    throw new Error(`what is a ${type}?`);
  }

  /** Every file of the data folder that names the person, in its own name or in what it holds. */
  async function files(): Promise<string[]> {
    const found: string[] = [];
    for (const entry of await readdir(curio.dataDir, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (names(entry.name) || (entry.isFile() && names(await textOf(file)))) {
        found.push(path.relative(curio.dataDir, file));
      }
    }
    return found;
  }
  /** What a file holds: nothing, if it went after its folder was read, as what is being erased may. */
  async function textOf(file: string): Promise<string> {
    try {
      return await readFile(file, 'latin1');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }

  const ask = async <T = unknown>(query: string, variables: object = {}, node = nodes[0]): Promise<T> => {
    const answer = await node.graphql<T>(query, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  /** Whom the others are shown. */
  const meets = (node: RunningServer) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { recommendedUsers } = await ask<{ recommendedUsers: { degraded: string } }>(
          'query ($id: ID!) { recommendedUsers(userId: $id, first: 50) { degraded recommendations { user { id } } } }',
          { id: `user-${n + 1}` },
          node,
        );
        return recommendedUsers;
      }),
    );
  const act = (userId: string, action: string, target: object, eventId?: string, sessionId?: string) => ({
    userId,
    action,
    target,
    ...(eventId && { eventId }),
    ...(sessionId && { sessionId }),
  });

  it('leaves no row, key, value or file that names them', async () => {
    // A person with everything.
    await ask('mutation ($users: [UserInput!]!) { upsertUsers(users: $users) { created } }', { users: [PERSON] });
    const { rows: oldest } = await sql.query(`SELECT id FROM items WHERE tenant = 'default' ORDER BY id LIMIT 12`);
    const some = oldest.map(({ id }) => String(id));
    const send =
      'mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted rejected { message } } }';
    await ask(send, {
      inputs: [{ sessionId: 'before-sign-in', action: 'LIKE', target: { itemId: some[11] }, userId: 'session-holder' }],
    });
    await ask(send, {
      inputs: [
        ...some.map((id, at) =>
          act(ID, at % 3 === 0 ? 'LIKE' : 'VIEW', { itemId: id }, `${ID}-event-${at}`, 'before-sign-in'),
        ),
        act(ID, 'HIDE', { itemId: some[0] }),
        act(ID, 'FOLLOW', { userId: 'user-1' }),
        act(ID, 'BLOCK', { userId: 'user-2' }),
        ...[3, 4, 5, 6].map((n) => act(`user-${n}`, 'FOLLOW', { userId: ID })),
        act('user-7', 'BLOCK', { userId: ID }),
        ...Array.from({ length: 30 }, (_, n) => act(`user-${n + 8}`, 'LIKE', { itemId: some[n % 6] })),
      ],
    });
    // A work of theirs that stays without them, and a second so that a model learns who wrote them.
    await ask('mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { created } }', {
      items: [1, 2].map((n) => ({ id: `work-${n}`, kind: 'lens', title: `Work ${n}`, authorId: ID, tags: ['horror'] })),
    });
    await ask(`mutation ($rule: RuleInput!) { upsertRule(rule: $rule) { id } }`, {
      rule: { id: 'theirs', kind: 'BOOST', target: { authorId: [ID] }, weight: 1.5 },
    });
    const media = { type: 'image/png', bytes: PNG.length };
    const { createPost } = await ask<{
      createPost: { post: { id: string }; upload: { method: string; url: string; headers: Record<string, string> } };
    }>(
      `mutation ($id: ID!, $media: MediaInput!) { createPost(input: { text: "Quuxbury was here #quuxbury", media: $media },
         userId: $id) { post { id } upload { method url headers } } }`,
      { id: ID, media },
    );
    const { post, upload } = createPost;
    const { method, headers } = upload;
    expect((await fetch(new URL(upload.url, nodes[0].url), { method, headers, body: PNG })).ok).toBe(true);
    const other = await ask<{ createPost: { post: { id: string } } }>(
      'mutation { createPost(input: { text: "Hello" }, userId: "user-1") { post { id } } }',
    );
    const { post: theirs } = other.createPost;
    await ask(
      `mutation ($post: ID!, $own: ID!, $id: ID!) {
         a: likePost(id: $post, userId: $id) { id }
         b: comment(postId: $post, text: "so says Quuxbury", userId: $id) { id }
         c: comment(postId: $own, text: "hi", userId: "user-3") { id }
         d: likePost(id: $own, userId: "user-4") { id } }`,
      { post: theirs.id, own: post.id, id: ID },
    );
    // A version that knows them, and an older one.
    await curio.run('train', '--deploy');
    await curio.run('train', '--deploy');
    const versions = path.join(curio.dataDir, 'models', tenantFolder('default'));
    const lists = `query ($id: ID!) {
      recommendations(userId: $id, first: 10, requestId: "${ID}-list") { totalCount }
      again: recommendations(userId: $id, first: 20) { totalCount }
      recommendedUsers(userId: $id, first: 10) { totalCount }
      feed(userId: $id, first: 1) { edges { cursor } }
      search(query: "horror", first: 5) { totalCount } }`;
    const lookAround = async () => {
      for (const node of nodes) {
        await ask(lists, { id: ID }, node);
        for (let n = 1; n <= 20; n++) {
          await ask(
            'query ($id: ID!) { recommendedUsers(userId: $id, first: 50) { totalCount } }',
            { id: `user-${n}` },
            node,
          );
        }
      }
    };
    // Each node has loaded it.
    for (const node of nodes) {
      const degraded = async () => {
        const { data } = await node.graphql<{ recommendedUsers: { degraded: string } }>(
          'query { recommendedUsers(userId: "user-9", first: 5) { degraded } }',
        );
        return data.recommendedUsers.degraded;
      };
      await expect.poll(degraded).toBe('NONE');
    }
    await lookAround();
    const before = await meets(nodes[1]);
    expect(JSON.stringify(before)).toContain(ID);
    const own = (await curio.run('token', '--user', ID)).trim();
    await fetch(`${nodes[0].url}/v1/recommend?limit=5`, { headers: { authorization: `Bearer ${own}` } });
    // What is written behind the answers has been written.
    const isQuiet = async () => {
      const written = async () => (await sql.query('SELECT count(*) FROM recommendation_requests')).rows;
      const before = await written();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return JSON.stringify(before) === JSON.stringify(await written());
    };
    await expect.poll(isQuiet).toBe(true);

    // The search of this test finds them: where it finds nothing afterwards, there is nothing.
    expect(await tables()).toEqual(
      expect.arrayContaining(
        [
          'blocks',
          'business_rules',
          'event_keys',
          'follows',
          'interactions',
          'items',
          'post_comments',
          'post_likes',
          'posts',
          'recommendation_requests',
          'timelines',
          'users',
        ].map((name) => `public.${name}`),
      ),
    );
    expect((await keys()).length).toBeGreaterThan(0);
    expect((await files()).length).toBeGreaterThan(2);
    const { rows: people } = await sql.query(
      `SELECT count(*)::int AS lists FROM recommendation_requests WHERE surface = 'people' AND item_ids @> ARRAY[$1] AND user_id <> $1`,
      [ID],
    );
    expect(people[0].lists).toBeGreaterThan(0);

    const exported = await fetch(`${nodes[0].url}/v1/users/${ID}/export`, {
      headers: { authorization: `Bearer ${own}` },
    });
    const data = await exported.json();
    expect(data.user).toMatchObject({ id: ID, name: PERSON.name });
    const counts = Object.fromEntries(
      Object.entries(data).flatMap(([section, rows]) => (Array.isArray(rows) ? [[section, rows.length]] : [])),
    );
    expect(counts).toMatchObject({ events: 16, follows: 1, followers: 4, blocks: 1, items: 3, comments: 1, likes: 1 });
    expect(counts.lists).toBeGreaterThan(2);

    const { eraseUser } = await ask<{ eraseUser: boolean }>('mutation ($id: ID!) { eraseUser(id: $id) }', { id: ID });
    expect(eraseUser).toBe(true);
    // At once, but for the note of it, the file of the post and what a delivery under way still holds.
    expect((await tables()).filter((name) => !['public.erasures', 'public.feed_jobs'].includes(name))).toEqual([]);
    expect(await keys()).toEqual([]);
    expect(await files()).toEqual([]);
    const left = async () => [...(await tables()), ...(await keys()), ...(await files())];
    await expect.poll(left).toEqual([]);

    // The others are served as before, from versions that load.
    for (const version of await readdir(versions)) await (await loadVersion(path.join(versions, version))).dispose();
    for (const node of nodes) {
      expect(JSON.stringify(await meets(node))).not.toContain(ID);
      const degraded = async () => (await meets(node)).map((list) => list.degraded);
      await expect.poll(degraded).toEqual(before.map((list) => list.degraded));
    }
    expect(await left()).toEqual([]);
  });
});
