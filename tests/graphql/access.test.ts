import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/identity.js';
import { buildSchema } from '../../src/graphql/schema.js';
import { addApiKey, startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** One call of each root field, as a person who asks for what is theirs. */
const ROOT_FIELDS: Readonly<Record<string, string>> = {
  'Query.viewer': '{ viewer { id } }',
  'Query.user': '{ user(id: "user-2") { id } }',
  'Query.item': '{ item(id: "lens-1") { id } }',
  'Query.items': '{ items(ids: ["lens-1"]) { id } }',
  'Query.recommendations': '{ recommendations(first: 1) { requestId } }',
  'Query.similarItems': '{ similarItems(itemId: "lens-1", first: 1) { score } }',
  'Query.recommendedUsers': '{ recommendedUsers(first: 1) { requestId } }',
  'Query.similarUsers': '{ similarUsers(userId: "user-1", first: 1) { score } }',
  'Query.trending': '{ trending(first: 1) { score } }',
  'Query.rules': '{ rules { id } }',
  'Mutation.sendFeedback':
    'mutation { sendFeedback(input: { target: { itemId: "lens-1" }, action: LIKE }) { eventId } }',
  'Mutation.sendFeedbackBatch':
    'mutation { sendFeedbackBatch(inputs: [{ target: { itemId: "lens-1" }, action: LIKE }]) { accepted } }',
  'Mutation.refreshRecommendations': 'mutation { refreshRecommendations }',
  'Mutation.upsertItems': 'mutation { upsertItems(items: [{ id: "x", kind: "lens", title: "X" }]) { created } }',
  'Mutation.upsertUsers': 'mutation { upsertUsers(users: [{ id: "x", name: "X" }]) { created } }',
  'Mutation.hideItem': 'mutation { hideItem(id: "lens-99") { id } }',
  'Mutation.setConsent': 'mutation { setConsent(personalisation: false) }',
  'Mutation.eraseUser': 'mutation { eraseUser(id: "user-1") }',
  'Mutation.upsertRule': 'mutation { upsertRule(rule: { kind: EXCLUDE, target: { ids: ["x"] } }) { id } }',
  'Query.search': '{ search(query: "x", first: 1) { totalCount } }',
  'Query.suggest': '{ suggest(prefix: "x") }',
  'Query.feed': '{ feed(first: 1) { order } }',
  'Query.post': '{ post(id: "lens-1") { id } }',
  'Query.comments': '{ comments(postId: "lens-1", first: 1) { edges { cursor } } }',
  'Mutation.createPost': 'mutation { createPost(input: { text: "x" }) { post { id } } }',
  'Mutation.deletePost': 'mutation { deletePost(id: "lens-1") }',
  'Mutation.likePost': 'mutation { likePost(id: "lens-1") { id } }',
  'Mutation.unlikePost': 'mutation { unlikePost(id: "lens-1") { id } }',
  'Mutation.comment': 'mutation { comment(postId: "lens-1", text: "x") { id } }',
  'Mutation.follow': 'mutation { follow(id: "user-2") }',
  'Mutation.unfollow': 'mutation { unfollow(id: "user-2") }',
  'Mutation.block': 'mutation { block(id: "user-2") }',
  'Mutation.unblock': 'mutation { unblock(id: "user-2") }',
  'Mutation.deleteRule': 'mutation { deleteRule(id: "x") }',
};
const SERVICE_ONLY = new Set(['Query.rules', 'Mutation.upsertItems', 'Mutation.upsertUsers', 'Mutation.hideItem']);
const ADMIN_ONLY = new Set(['Mutation.upsertRule', 'Mutation.deleteRule']);

async function codeOf(query: string, token?: string): Promise<string | undefined> {
  const { errors } = await server.gql(query, {}, token);
  return errors?.[0]?.extensions.code;
}

describe('who may call what', () => {
  it('covers every field of Query and Mutation', () => {
    const schema = buildSchema();
    const fields = ['Query', 'Mutation'].flatMap((name) => {
      const type = schema.getType(name);
      return isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${name}.${field}`) : [];
    });
    expect(Object.keys(ROOT_FIELDS).sort()).toEqual(fields.sort());
  });

  it.each(Object.entries(ROOT_FIELDS))('%s refuses a stranger', async (_name, query) => {
    expect(await codeOf(query)).toBe('UNAUTHENTICATED');
  });

  it('lets a stranger read __typename and the schema', async () => {
    const { data, errors } = await server.gql('{ __typename __schema { queryType { name } } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ __typename: 'Query', __schema: { queryType: { name: 'Query' } } });
  });

  it.each(Object.entries(ROOT_FIELDS))('%s knows the role user', async (name, query) => {
    const code = await codeOf(query, await server.token('user-1'));
    expect(code).toBe(SERVICE_ONLY.has(name) || ADMIN_ONLY.has(name) ? 'FORBIDDEN' : undefined);
  });

  it.each(
    Object.keys(ROOT_FIELDS)
      .filter((name) => SERVICE_ONLY.has(name))
      .flatMap(
        (name) =>
          [
            [name, 'service'],
            [name, 'admin'],
          ] as const,
      ),
  )('%s lets the role %s', async (name, role) => {
    expect(await codeOf(ROOT_FIELDS[name] ?? '', await server.token(null, role))).toBeUndefined();
  });
});

describe.each([...ADMIN_ONLY])('%s', (name) => {
  it.each<[Role, string | undefined]>([
    ['service', 'FORBIDDEN'],
    ['admin', undefined],
  ])('for the role %s: %s', async (role, code) => {
    expect(await codeOf(ROOT_FIELDS[name] ?? '', await server.token(null, role))).toBe(code);
  });
});

describe('speaking for another', () => {
  const asks = (userId: string | null) => {
    const argument = userId === null ? '' : `(userId: "${userId}")`;
    const feedback = `input: { ${userId === null ? '' : `userId: "${userId}"`} target: { itemId: "lens-1" } action: VIEW }`;
    return [
      `{ recommendations${argument} { requestId } }`,
      `{ recommendedUsers${argument} { requestId } }`,
      `mutation { refreshRecommendations${argument} }`,
      `mutation { sendFeedback(${feedback}) { eventId } }`,
    ];
  };

  it.each<[Role, string | null, string | null, string | undefined]>([
    ['user', 'user-1', null, undefined],
    ['user', 'user-1', 'user-1', undefined],
    ['user', 'user-1', 'user-2', 'FORBIDDEN'],
    ['service', null, 'user-2', undefined],
    ['service', null, null, 'BAD_USER_INPUT'],
    ['service', 'user-1', null, undefined],
    ['service', 'user-1', 'user-2', undefined],
    ['admin', 'user-1', 'user-2', undefined],
    ['admin', null, null, 'BAD_USER_INPUT'],
  ])('%s with sub %s naming %s: %s', async (role, sub, userId, code) => {
    const token = await server.token(sub, role);
    for (const query of asks(userId)) expect(await codeOf(query, token)).toBe(code);
  });

  it('people like another person are for services and admins', async () => {
    const query = '{ similarUsers(userId: "user-2") { score } }';
    expect(await codeOf(query, await server.token('user-1'))).toBe('FORBIDDEN');
    expect(await codeOf(query, await server.token('user-2'))).toBeUndefined();
    expect(await codeOf(query, await server.token(null, 'service'))).toBeUndefined();
    expect(await codeOf(query, await server.token('user-1', 'admin'))).toBeUndefined();
  });

  it('says why a service key needs a userId', async () => {
    const { errors } = await server.gql('{ recommendations { requestId } }', {}, await server.token(null, 'service'));
    expect(errors?.[0]?.message).toBe('userId is needed: a service key speaks for no one');
    expect(errors?.[0]?.extensions.field).toBe('userId');
  });

  it('takes a null userId for none', async () => {
    server.received.recommend.length = 0;
    await server.gql(
      'query($id: ID) { recommendations(userId: $id) { requestId } }',
      { id: null },
      await server.token('user-1'),
    );
    expect(server.received.recommend[0]?.userId).toBe('user-1');
  });

  it('keeps tenants apart', async () => {
    server.received.recommend.length = 0;
    const key = await addApiKey(server.apiKeys, { tenant: 'acme', name: 'backend', role: 'service', rates: {} });
    await server.gql('{ recommendations { requestId } }', {}, await server.token('user-1', 'user', 'globex'));
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify({ query: '{ recommendations(userId: "user-1") { requestId } }' }),
    });
    expect(server.received.recommend.map(({ tenant }) => tenant)).toEqual(['globex', 'acme']);
  });
});

describe('what belongs to one person', () => {
  const history = '{ user(id: "user-1") { history { edges { cursor } } } }';

  it.each<[Role, string | null, string | undefined]>([
    ['user', 'user-1', undefined],
    ['user', 'user-2', 'FORBIDDEN'],
    ['service', null, undefined],
    ['admin', null, undefined],
  ])('history for %s %s: %s', async (role, sub, code) => {
    expect(await codeOf(history, await server.token(sub, role))).toBe(code);
  });

  it('other fields of another person are open within the tenant', async () => {
    const { data } = await server.gql('{ user(id: "user-1") { name age } }', {}, await server.token('user-2'));
    expect(data).toEqual({ user: { name: 'User 1', age: 21 } });
  });

  it.each<[Role, string | null, string | undefined]>([
    ['user', 'user-2', 'FORBIDDEN'],
    ['service', null, 'FORBIDDEN'],
    ['user', 'temporary', undefined],
    ['admin', null, undefined],
  ])('erasing for %s %s: %s', async (role, sub, code) => {
    expect(await codeOf('mutation { eraseUser(id: "temporary") }', await server.token(sub, role))).toBe(code);
  });

  it('viewer is null for a key without a user, and for someone nobody has heard of', async () => {
    expect((await server.gql('{ viewer { id } }', {}, await server.token(null, 'service'))).data).toEqual({
      viewer: null,
    });
    expect((await server.gql('{ viewer { id } }', {}, await server.token('stranger'))).data).toEqual({ viewer: null });
  });
});
