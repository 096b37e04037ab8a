import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gql, post, startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { CURIO_BODY_LIMIT: '200000' } });
  token = await server.token('admin', 'admin');
});
afterAll(() => server.close());

async function refusal(query: string, variables: object = {}) {
  const answer = await gql(server.url, query, variables, token);
  const error = answer.errors?.[0];
  if (error === undefined) throw new Error(`was not refused: ${JSON.stringify(answer.data)}`);
  expect(error.extensions.code).toBe('BAD_USER_INPUT');
  return { message: error.message, field: error.extensions.field, status: answer.status };
}

const RECS = (args: string) => `{ recommendations(userId: "user-1", ${args}) { requestId } }`;
const LONG = 'x'.repeat(257);
const PEOPLE = (args: string) => `{ recommendedUsers(userId: "user-1", ${args}) { requestId } }`;

describe('arguments out of bounds', () => {
  it.each([
    ['first below', RECS('first: 0'), 'first', 'first must be 1 to 100, got 0'],
    ['first above', RECS('first: 101'), 'first', 'first must be 1 to 100, got 101'],
    ['first of people below', PEOPLE('first: 0'), 'first', 'first must be 1 to 100, got 0'],
    ['first of people above', PEOPLE('first: 101'), 'first', 'first must be 1 to 100, got 101'],
    [
      'first of similar people',
      '{ similarUsers(userId: "user-1", first: 101) { score } }',
      'first',
      'first must be 1 to 100, got 101',
    ],
    ['whose similar people', '{ similarUsers(userId: "") { score } }', 'userId', 'must be 1 to 256 characters'],
    ['age below', PEOPLE('filter: { minAge: -1 }'), 'filter.minAge', 'must be 0 to 150, got -1'],
    ['age above', PEOPLE('filter: { maxAge: 151 }'), 'filter.maxAge', 'must be 0 to 150, got 151'],
    [
      'ages the wrong way round',
      PEOPLE('filter: { minAge: 30, maxAge: 20 }'),
      'filter.minAge',
      'must be at most filter.maxAge, got 30 and 20',
    ],
    ['place', PEOPLE(`filter: { location: "${LONG}" }`), 'filter.location', 'must have 0 to 256 characters'],
    ['gender', PEOPLE('filter: { gender: [""] }'), 'filter.gender[0]', 'must have 1 to 256 characters'],
    ['the surface of people', RECS('surface: "people"'), 'surface', 'must not be "people"'],
    ['diversity', RECS('diversity: 1.1'), 'diversity', 'diversity must be 0 to 1, got 1.1'],
    ['diversity below', RECS('diversity: -0.1'), 'diversity', 'diversity must be 0 to 1, got -0.1'],
    ['localHour', RECS('context: { localHour: 24 }'), 'context.localHour', 'context.localHour must be 0 to 23, got 24'],
    [
      'faces',
      RECS('context: { cameraFeatures: { facesDetected: -1 } }'),
      'context.cameraFeatures.facesDetected',
      'must be 0 or more, got -1',
    ],
    [
      'lighting',
      RECS('context: { cameraFeatures: { lighting: 2 } }'),
      'context.cameraFeatures.lighting',
      'must be 0 to 1, got 2',
    ],
    ['device', RECS(`context: { device: "${LONG}" }`), 'context.device', 'characters, got 257'],
    [
      'minPopularity',
      RECS('filter: { minPopularity: -1 }'),
      'filter.minPopularity',
      'filter.minPopularity must be 0 or more, got -1',
    ],
    ['surface', RECS('surface: "a b"'), 'surface', 'surface must be 1 to 64 letters, digits, _ or -'],
    ['long surface', RECS(`surface: "${'s'.repeat(65)}"`), 'surface', 'surface must be 1 to 64'],
    ['empty surface', RECS('surface: ""'), 'surface', 'surface must be 1 to 64'],
    ['userId', '{ recommendations(userId: "") { requestId } }', 'userId', 'userId must be 1 to 256 characters'],
    ['sessionId', RECS(`sessionId: "${LONG}"`), 'sessionId', 'must be 1 to 256 characters'],
    ['requestId', RECS('requestId: "a\\u0000b"'), 'requestId', 'without control characters'],
    ['excludeIds', RECS('excludeIds: ["fine", ""]'), 'excludeIds[1]', 'excludeIds[1] must be 1 to 256'],
    ['notIds', RECS('filter: { notIds: [""] }'), 'filter.notIds[0]', 'must be 1 to 256'],
    ['kind', RECS('filter: { kind: [""] }'), 'filter.kind[0]', 'must have 1 to'],
    ['item id', '{ item(id: "") { id } }', 'id', 'id must be 1 to 256 characters'],
    ['item id with a line break', '{ item(id: "a\\nb") { id } }', 'id', 'without control characters'],
    ['no ids', '{ items(ids: []) { id } }', 'ids', 'ids must have 1 to 100 entries, got 0'],
    ['similarItems', '{ similarItems(itemId: "lens-1", first: 101) { score } }', 'first', 'first must be 1 to 100'],
    [
      'similar inside an item',
      '{ item(id: "lens-1") { similar(first: 21) { score } } }',
      'first',
      'first must be 1 to 20, got 21',
    ],
    ['history', '{ user(id: "user-1") { history(first: 0) { edges { cursor } } } }', 'first', 'first must be 1 to 100'],
    [
      'a cursor of somewhere else',
      '{ user(id: "user-1") { history(after: "nowhere") { edges { cursor } } } }',
      'after',
      'after must be a cursor',
    ],
    [
      'an empty batch',
      'mutation { sendFeedbackBatch(inputs: []) { accepted } }',
      'inputs',
      'inputs must have 1 to 1000 entries, got 0',
    ],
    [
      'no items',
      'mutation { upsertItems(items: []) { created } }',
      'items',
      'items must have 1 to 1000 entries, got 0',
    ],
    [
      'no users',
      'mutation { upsertUsers(users: []) { created } }',
      'users',
      'users must have 1 to 1000 entries, got 0',
    ],
  ])('%s', async (_name, query, field, message) => {
    const got = await refusal(query);
    expect(got.field).toBe(field);
    expect(got.message).toContain(message);
  });

  it.each([
    ['items', 'query($ids: [ID!]!) { items(ids: $ids) { id } }', { ids: Array(101).fill('a') }, 'ids'],
    [
      'excludeIds',
      'query($ids: [ID!]!) { recommendations(userId: "u", excludeIds: $ids) { requestId } }',
      { ids: Array(1001).fill('a') },
      'excludeIds',
    ],
    [
      'tags',
      'query($f: ItemFilter) { recommendations(userId: "u", filter: $f) { requestId } }',
      { f: { tagsAny: Array(1001).fill('a') } },
      'filter.tagsAny',
    ],
    [
      'a batch of events',
      'mutation($i: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $i) { accepted } }',
      { i: Array(1001).fill({ target: { itemId: 'a' }, action: 'LIKE' }) },
      'inputs',
    ],
    [
      'a batch of items',
      'mutation($i: [ItemInput!]!) { upsertItems(items: $i) { created } }',
      { i: Array(1001).fill({ id: 'a', kind: 'b', title: 'c' }) },
      'items',
    ],
    [
      'a batch of users',
      'mutation($i: [UserInput!]!) { upsertUsers(users: $i) { created } }',
      { i: Array(1001).fill({ id: 'a', name: 'b' }) },
      'users',
    ],
  ])('too many: %s', async (_name, query, variables, field) => {
    const got = await refusal(query, variables);
    expect(got.field).toBe(field);
    expect(got.message).toMatch(/entries, got 1,?[01]01|entries, got 101/);
  });

  it('half of a surrogate pair', async () => {
    const got = await refusal('query($id: ID!) { item(id: $id) { id } }', { id: 'a\ud800' });
    expect(got).toMatchObject({ field: 'id', message: expect.stringContaining('id must be 1 to 256') });
  });

  it('takes the bounds themselves', async () => {
    const { errors } = await gql(
      server.url,
      `query($ids: [ID!]!) {
        a: recommendations(userId: "u", first: 1, diversity: 0, surface: "A-b_9", excludeIds: $ids, context: { localHour: 0 }) { requestId }
        b: recommendations(userId: "u", first: 100, diversity: 1, context: { localHour: 23 }) { requestId }
        item(id: "${'x'.repeat(256)}") { similar(first: 20) { score } }
      }`,
      { ids: Array(1000).fill('a') },
      token,
    );
    expect(errors).toBeUndefined();
  });

  it('takes null for a default', async () => {
    server.received.recommend.length = 0;
    const { errors } = await gql(
      server.url,
      `query($n: Int, $s: String, $b: Boolean, $x: [ID!]) {
        recommendations(userId: "u", first: $n, surface: $s, excludeSeen: $b, excludeIds: $x, filter: null, context: null, diversity: null) { requestId }
        similarItems(itemId: "lens-1", first: null) { score }
      }`,
      { n: null, s: null, b: null, x: null },
      token,
    );
    expect(errors).toBeUndefined();
    expect(server.received.recommend[0]).toEqual({
      tenant: 'default',
      userId: 'u',
      first: 10,
      surface: 'home',
      context: null,
      filter: null,
      excludeSeen: true,
      excludeIds: [],
      diversity: null,
      sessionId: null,
      requestId: null,
      signal: expect.any(AbortSignal),
    });
  });
});

describe('values that are not what the schema says', () => {
  it('are the fault of the caller in however many places', async () => {
    const { errors } = await server.gql(
      'query($ids: [ID!]!) { items(ids: $ids) { id } }',
      { ids: Array.from({ length: 100 }, () => ({})) },
      await server.token('u'),
    );
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
  });

  const SEND = 'mutation($input: FeedbackInput!) { sendFeedback(input: $input) { eventId } }';
  const input = { userId: 'u', target: { itemId: 'lens-1' }, action: 'LIKE' };

  it.each([
    ['an unknown action', { ...input, action: 'LOVE' }, 'input.action', 'FeedbackAction'],
    [
      'a time that is none',
      { ...input, occurredAt: 'yesterday' },
      'input.occurredAt',
      'must be an ISO 8601 date and time with a zone',
    ],
    [
      'a time without zone',
      { ...input, occurredAt: '2026-05-04T10:00:00' },
      'input.occurredAt',
      '2026-05-04T10:00:00Z',
    ],
    [
      'a day that does not exist',
      { ...input, occurredAt: '2026-02-30T10:00:00Z' },
      'input.occurredAt',
      'a day that exists',
    ],
    ['a time as a number', { ...input, occurredAt: 1_700_000_000 }, 'input.occurredAt', 'must be an ISO 8601'],
    ['JSON that is no object', { ...input, context: 'words' }, 'input.context', 'must be a JSON object'],
    ['a list of JSON', { ...input, context: [{}] }, 'input.context', 'must be a JSON object'],
    [
      'two targets',
      { ...input, target: { itemId: 'a', userId: 'b' } },
      'input.target',
      'Exactly one key must be specified',
    ],
    ['no target', { ...input, target: {} }, 'input.target', 'Exactly one key must be specified'],
    ['a member nobody knows', { ...input, mood: 'good' }, 'input', 'Field "mood" is not defined'],
    ['a missing member', { userId: 'u', action: 'LIKE' }, 'input', 'Field "target"'],
    [
      'a fraction for a whole number',
      { ...input, position: 1.5 },
      'input.position',
      'Int cannot represent non-integer',
    ],
    ['text for a number', { ...input, value: 'five' }, 'input.value', 'Float cannot represent non numeric'],
  ])('variable: %s', async (_name, variable, field, message) => {
    const got = await refusal(SEND, { input: variable });
    expect(got.message).toContain(message);
    expect(got.field).toBe(field);
    expect(got.status).toBe(400);
  });

  it.each([
    ['an unknown action', 'action: LOVE', 'input.action', 'does not exist in "FeedbackAction"'],
    ['a time that is none', 'action: LIKE, occurredAt: "yesterday"', 'input.occurredAt', 'must be an ISO 8601'],
    ['JSON that is no object', 'action: LIKE, context: "words"', 'input.context', 'must be a JSON object'],
    ['text for a number', 'action: LIKE, position: "1"', 'input.position', 'Int cannot represent'],
    ['a member nobody knows', 'action: LIKE, mood: "good"', 'input.mood', 'is not defined by type'],
  ])('literal: %s', async (_name, members, field, message) => {
    const got = await refusal(
      `mutation { sendFeedback(input: { userId: "u", target: { itemId: "a" }, ${members} }) { eventId } }`,
    );
    expect(got.message).toContain(message);
    expect(got.message).toContain(field);
    expect(got.field).toBe(field);
    expect(got.status).toBe(400);
  });

  it('a missing variable', async () => {
    expect((await refusal(SEND)).message).toContain(
      'Variable "$input" of required type "FeedbackInput!" was not provided',
    );
  });

  it('null where a variable must not be null', async () => {
    const got = await refusal('query($id: ID = "x") { item(id: $id) { id } }', { id: null });
    expect(got.message).toContain('Argument "id" of non-null type "ID!" must not be null');
  });

  it('quotes no more than a little of what was sent', async () => {
    const got = await refusal(SEND, { input: { ...input, action: 'X'.repeat(50_000) } });
    expect(got.message.length).toBeLessThan(1_100);
  });

  it.each([
    [
      'too deep',
      (() => {
        let deep = {};
        for (let i = 0; i < 70; i++) deep = { deep };
        return deep;
      })(),
      'must be at most 64 levels deep',
    ],
    ['too large', { text: 'x'.repeat(70_000) }, 'must be at most 65536 characters'],
  ])('JSON that is %s', async (_name, context, message) => {
    expect((await refusal(SEND, { input: { ...input, context } })).message).toContain(message);
  });
});

describe('operations that cost too much', () => {
  it.each([
    [
      'deep',
      `{ item(id: "a") ${'{ similar { item '.repeat(6)}{ id }${'} }'.repeat(6)} }`,
      /is 14 levels deep; at most 12/,
    ],
    [
      'deep through fragments',
      `{ item(id: "a") { ...A } } fragment A on Item { similar { item { ...B } } } fragment B on Item { similar { item { ...C } } } fragment C on Item { similar { item { similar { item { similar { item { similar { item { id } } } } } } } } }`,
      /levels deep; at most 12/,
    ],
    [
      'of many aliases',
      `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: item(id: "x") { id }`).join(' ')} }`,
      /has 101 aliases; at most 100/,
    ],
    [
      'that fan out',
      '{ recommendations(userId: "u", first: 100) { recommendations { item { similar(first: 20) { item { similar(first: 20) { item { similar(first: 20) { score } } } } } } } } }',
      /may answer [\d,]+ objects .*; at most 50,000/,
    ],
    [
      'that may fan out',
      'query($n: Int) { recommendations(userId: "u", first: $n) { recommendations { item { similar(first: $n) { item { similar(first: $n) { item { id } } } } } } } }',
      /may answer [\d,]+ objects/,
    ],
    [
      'of many fields',
      `{ viewer { ...A } } ${'ABCDEFGHIJ'
        .split('')
        .map(
          (name, i) =>
            `fragment ${name} on User { ${
              i === 9
                ? 'id'
                : Array(2)
                    .fill(`... { ...${'ABCDEFGHIJ'[i + 1]} } x${i}: name`)
                    .join(' ')
            } }`,
        )
        .join(' ')}`,
      /has [\d,]+ fields with fragments|aliases/,
    ],
    ['of many words', `{ ${'viewer { id } '.repeat(2_000)} }`, /Document contains more tha[nt] 2000 tokens/],
    ['with a circle', '{ viewer { ...A } } fragment A on User { id ...A }', /Cannot spread fragment "A" within itself/],
  ])('%s', async (_name, query, message) => {
    const got = await refusal(query);
    expect(got.message).toMatch(message);
    expect(got.status).toBe(400);
  });

  it('nested a thousand times is refused, not a crash', async () => {
    for (const query of [`${'{a'.repeat(900)}${'}'.repeat(900)}`, `{ item(id: ${'['.repeat(1_900)}`]) {
      expect((await refusal(query)).status).toBe(400);
    }
  });

  it('a page with authors and neighbours is fine', async () => {
    const { errors } = await gql(
      server.url,
      'query($n: Int) { recommendations(userId: "u", first: $n) { recommendations { item { author { name } similar(first: $n) { item { title author { name } } } } } } }',
      { n: 5 },
      token,
    );
    expect(errors).toBeUndefined();
  });
});

describe('requests that are not operations', () => {
  it.each([
    ['broken JSON', '{"query": '],
    ['no body', ''],
    ['a list', '[{"query":"{ __typename }"}]'],
    ['a batch of none', '[]'],
    ['a string', '"{ __typename }"'],
    ['no query', '{"variables":{}}'],
    ['a query that is no text', '{"query": 5}'],
    ['variables that are text', '{"query":"{ __typename }","variables":"{}"}'],
    ['a name that is no text', '{"query":"{ __typename }","operationName":5}'],
    ['a prototype', '{"query":"{ __typename }","variables":{"__proto__":{}}}'],
    ['an operation nobody wrote', '{"query":"query A { __typename }","operationName":"B"}'],
    ['two operations and no name', '{"query":"query A { __typename } query B { __typename }"}'],
    ['no syntax', '{"query":"{ item("}'],
    ['an unknown field', '{"query":"{ itm }"}'],
  ])('%s', async (_name, body) => {
    const { status, errors, data } = await post(server.url, body);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([201_000, 5_000_000])('a body of %i bytes', async (size) => {
    const { status, errors } = await post(
      server.url,
      JSON.stringify({ query: '{ __typename }', variables: { pad: 'x'.repeat(size) } }),
    );
    expect(status).toBe(413);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', limit: 200_000 });
    expect(errors?.[0]?.message).toBe('The body must be at most 200000 bytes');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'the content type %s',
    async (type) => {
      const { status, errors } = await post(server.url, '{"query":"{ __typename }"}', { 'content-type': type });
      expect(status).toBe(415);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );
});
