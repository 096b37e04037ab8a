import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApiKey, gql, post, startServer, type TestServer } from '../helpers/server.js';

const LISTS = '{ recommendations { requestId } }';

describe('limits', () => {
  let server: TestServer;
  let now = 0;
  beforeAll(async () => {
    const env = {
      CURIO_RATE_RECOMMENDATIONS: '5',
      CURIO_RATE_IP: '1000000',
      CURIO_RATE_COST: '1000',
      CURIO_MAX_COST: '600',
    };
    server = await startServer({ env, clock: () => Date.now() + now });
  });
  afterAll(() => server.close());

  it('are told in headers, and what is refused says when to come back', async () => {
    const token = await server.token('a');
    const answers = [];
    for (let at = 0; at < 6; at++) answers.push(await server.gql(LISTS, {}, token));
    const told = answers.map(({ headers }) =>
      ['ratelimit-limit', 'ratelimit-remaining'].map((name) => headers.get(name)).join(' '),
    );
    expect(told).toEqual(['5 4', '5 3', '5 2', '5 1', '5 0', '5 0']);
    expect(Number(answers[0]?.headers.get('ratelimit-reset'))).toBeGreaterThan(55);
    expect(answers.map(({ headers }) => headers.has('retry-after'))).toEqual([false, false, false, false, false, true]);
    expect(answers[5]?.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it.each([
    [
      'aliases',
      '{ a: recommendations { requestId } b: recommendations { requestId } similarUsers(userId: "USER") { score } }',
      3,
    ],
    [
      'fragments',
      '{ ...F ...F } fragment F on Query { a: recommendations { requestId } ... { b: recommendations { requestId } } }',
      2,
    ],
    ['one field written twice', '{ recommendations { requestId } recommendations { totalCount } }', 1],
    [
      'what is skipped',
      '{ recommendations @skip(if: true) { requestId } b: recommendations @include(if: $yes) { requestId } }',
      1,
    ],
    ['a default of a condition', '{ recommendations @include(if: $no) { requestId } }', 0],
    ['what has no limit of its own', '{ item(id: "lens-1") { title } }', 0],
  ])('count %s as what they cost', async (name, selections, tokens) => {
    const user = `counts ${name}`;
    const token = await server.token(user);
    const query = `query($yes: Boolean! = true, $no: Boolean = true) ${selections.replace('USER', user)}`;
    const used = /\$yes/.test(selections) ? query : query.replace('$yes: Boolean! = true, ', '');
    const fitting = /\$no/.test(selections)
      ? used
      : used.replace(/(, )?\$no: Boolean = true/, '').replace('query()', 'query');
    const { errors } = await server.gql(fitting, /\$no/.test(selections) ? { no: false } : {}, token);
    expect(errors).toBeUndefined();
    const { headers } = await server.gql(LISTS, {}, token);
    expect(headers.get('ratelimit-remaining')).toBe(String(4 - tokens));
  });

  it('let an operation cost so much and no more, by its variables', async () => {
    const token = await server.token('cost');
    const query =
      'query($n: Int) { similarItems(itemId: "lens-1", first: $n) { item { similar(first: $n) { score } } } }';
    const body = (n: number) => JSON.stringify({ query, variables: { n }, extensions: { cost: true } });
    const headers = { authorization: `Bearer ${token}` };
    // 5, and for each of 5: itself, its item, 5 for its similar ones, and 5 of them.
    const { data, extensions } = await post(server.url, body(5), headers);
    expect(data).not.toBeNull();
    expect(extensions).toEqual({
      cost: { requested: 5 + 5 * (1 + 1 + 5 + 5), maxCost: 600, limit: 1000, remaining: 935 },
    });
    const dear = await post(server.url, body(100), headers);
    expect(dear.status).toBe(400);
    expect(dear.errors?.[0]?.message).toBe('The operation costs 2,705; at most 600 is allowed');
    expect(dear.extensions?.cost).toMatchObject({ requested: 2705 });
    const plain = await server.gql('{ viewer { id } }', {}, token);
    expect(plain.extensions).toBeUndefined();
  });

  it('give everyone a budget of cost for the minute', async () => {
    const token = await server.token('thrifty');
    const query = '{ similarItems(itemId: "lens-1", first: 100) { item { title stats { views } } } }';
    const ask = () => gql(server.url, query, {}, token);
    const codes = [];
    for (let at = 0; at < 4; at++) codes.push((await ask()).errors?.[0]?.extensions.code ?? 'fine');
    expect(codes).toEqual(['fine', 'fine', 'fine', 'RATE_LIMITED']);
    now += 60_000;
    expect((await ask()).errors).toBeUndefined();
  });

  it('are those of its own for a key', async () => {
    const rates = { recommendations: 2 };
    const key = await addApiKey(server.apiKeys, { tenant: 'default', name: 'slow', role: 'service', rates });
    const body = JSON.stringify({ query: '{ recommendations(userId: "user-1") { requestId } }' });
    const ask = () => post(server.url, body, { 'x-api-key': key });
    expect((await ask()).headers.get('ratelimit-limit')).toBe('2');
    expect((await ask()).errors).toBeUndefined();
    expect((await ask()).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });
});

describe('limits by address', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: { CURIO_RATE_IP: '5', CURIO_TRUSTED_PROXIES: '127.0.0.1' } });
  });
  afterAll(() => server.close());
  const from = (address: string, headers: Readonly<Record<string, string>> = {}) =>
    post(server.url, JSON.stringify({ query: '{ viewer { id } }' }), { 'x-forwarded-for': address, ...headers });

  it('hold over all people behind it, and refuse before anything is read', async () => {
    const statuses = [];
    for (let at = 0; at < 7; at++) {
      const { status, errors } = await from('192.0.2.1', {
        authorization: `Bearer ${await server.token(`user-${at}`)}`,
      });
      statuses.push(errors === undefined ? status : `${status} ${errors[0]?.extensions.code}`);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, '200 RATE_LIMITED', '429 RATE_LIMITED']);
    expect((await from('192.0.2.2')).status).toBe(200);
    expect((await fetch(`${server.url}/v1/health/live`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(
      200,
    );
  });

  it('count what never became an operation', async () => {
    const statuses = [];
    for (let at = 0; at < 9; at++) statuses.push((await from('192.0.2.3', { authorization: 'Bearer none' })).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });

  it('take a network of IPv6 for one', async () => {
    const statuses = [];
    for (let at = 1; at < 8; at++) statuses.push((await from(`2001:db8::${at}`)).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await from('2001:db8:0:1::1')).status).toBe(200);
  });

  it('do not hold for services', async () => {
    const token = await server.token(null, 'service');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => from('192.0.2.9', { authorization: `Bearer ${token}` })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe('pages of other sites', () => {
  it('may ask when they are listed', async () => {
    const server = await startServer({ env: { CURIO_CORS_ORIGINS: 'https://app.example, https://other.example' } });
    try {
      const ask = (origin: string) =>
        fetch(`${server.url}/graphql`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization',
          },
        });
      const listed = await ask('https://app.example');
      expect(listed.status).toBe(204);
      expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(listed.headers.get('access-control-allow-headers')).toContain('authorization');
      expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
      const answer = await fetch(`${server.url}/v1/health/live`, { headers: { origin: 'https://other.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://other.example');
      expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit-remaining');
    } finally {
      await server.close();
    }
  });
});
