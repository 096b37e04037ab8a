import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gql, portOf, post, read, startServer, type TestServer } from '../../helpers/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${server.url}${path}`, { headers, redirect: 'manual' });
const graphqlGet = (query: string, headers: Readonly<Record<string, string>> = { 'apollo-require-preflight': '1' }) =>
  get(`/graphql?query=${encodeURIComponent(query)}`, headers);

describe('every answer', () => {
  const PATHS = ['/', '/graphql', '/v1/health', '/previews/x.svg', '/nothing/here', '/console.json'];

  it.each(PATHS)('%s has an id, its time and a policy', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-process-time')).toMatch(/^\d+\.\d{6}$/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['mine-1', true],
    ['!~'.repeat(64), true],
    ['x'.repeat(129), false],
    ['two words', false],
    ['', false],
    ['ünïcode', false],
  ])('takes over the id `%s`: %s', async (id, taken) => {
    const got = await new Promise<string | undefined>((resolve, reject) => {
      const headers = { 'x-request-id': Buffer.from(id, 'utf8').toString('latin1') };
      httpRequest(`${server.url}/v1/health/live`, { headers }, (response) => {
        response.resume();
        resolve(response.headers['x-request-id']?.toString());
      })
        .on('error', reject)
        .end();
    });
    if (taken) expect(got).toBe(id);
    else expect(got).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to an unknown address is NOT_FOUND, in GraphQL form', async () => {
    const { status, errors } = await read(await get('/nothing/here'));
    expect(status).toBe(404);
    expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('to an address that cannot be read says no more', async () => {
    const response = await get('/%zz');
    expect(response.status).toBe(400);
    expect(await response.text()).not.toMatch(/stack|node_modules/);
  });
});

describe('GET /graphql', () => {
  it('answers queries', async () => {
    const { status, data } = await read(await graphqlGet('{ __typename }'));
    expect(status).toBe(200);
    expect(data).toEqual({ __typename: 'Query' });
  });

  it('refuses mutations', async () => {
    const token = await server.token('user-1');
    const response = await graphqlGet('mutation { refreshRecommendations }', {
      'apollo-require-preflight': '1',
      authorization: `Bearer ${token}`,
    });
    expect(response.headers.get('allow')).toBe('POST');
    const { status, errors } = await read(response);
    expect(status).toBe(405);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(server.received.refreshed).toEqual([]);
  });

  it('refuses what another site could send without asking', async () => {
    const { status, errors } = await read(await graphqlGet('{ __typename }', {}));
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toMatch(/Cross-Site Request Forgery/);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('%s is not served', async (method) => {
    const response = await fetch(`${server.url}/graphql`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });

  it('serves persisted queries', async () => {
    const { createHash } = await import('node:crypto');
    const query = '{ __typename }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
    const unknown = await post(server.url, JSON.stringify({ extensions }));
    expect(unknown.errors?.[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    await post(server.url, JSON.stringify({ query, extensions }));
    expect((await post(server.url, JSON.stringify({ extensions }))).data).toEqual({ __typename: 'Query' });
  });

  it('survives a host that is none', async () => {
    const answer = await raw(
      `POST /graphql HTTP/1.1\r\nHost: [\r\nContent-Type: application/json\r\nContent-Length: 24\r\nConnection: close\r\n\r\n{"query":"{__typename}"}`,
    );
    expect(answer).not.toMatch(/^HTTP\/1.1 5/);
  });
});

describe('health', () => {
  it('says what is up', async () => {
    for (const path of ['/v1/health', '/v1/health/ready']) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.json()).toEqual({
        status: 'healthy',
        uptime: expect.any(Number),
        dependencies: { database: { status: 'up', kind: 'fake' } },
      });
    }
  });

  it.each([
    ['a dependency is down', async () => ({ database: { status: 'down' as const } }), 503, 'unhealthy'],
    ['one is absent', async () => ({ model: { status: 'absent' as const } }), 200, 'healthy'],
    ['nobody knows', () => Promise.reject(new Error('secret')), 503, 'unhealthy'],
  ])('%s', async (_name, health, status, word) => {
    const ill = await startServer({ health });
    try {
      const response = await fetch(`${ill.url}/v1/health/ready`);
      expect(response.status).toBe(status);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ status: word });
      expect(text).not.toContain('secret');
      expect((await fetch(`${ill.url}/v1/health/live`)).status).toBe(200);
    } finally {
      await ill.close();
    }
  });
});

describe('previews', () => {
  it('are pictures that keep for good', async () => {
    const response = await get('/previews/lens-1.svg');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const picture = await response.text();
    expect(picture).toMatch(/^<svg /);
    expect(await (await get('/previews/lens-1.svg')).text()).toBe(picture);
    expect(await (await get('/previews/lens-2.svg')).text()).not.toBe(picture);
  });

  it.each(['/previews/lens-1', '/previews/.svg', '/previews/a%00b.svg', `/previews/${'x'.repeat(300)}.svg`])(
    '%s is none',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('hold no markup of the one who asks', async () => {
    const picture = await (await get(`/previews/${encodeURIComponent('"><script>alert(1)</script>')}.svg`)).text();
    expect(picture).not.toContain('<script');
  });
});

describe('closing', () => {
  it('finishes the requests in flight and takes no new ones', async () => {
    const own = await startServer();
    const port = portOf(own.app);
    let release = () => {};
    own.pause = new Promise((resolve) => {
      release = resolve;
    });
    const asked = gql(own.url, '{ recommendations { requestId } }', {}, await own.token('user-1'));
    await until(() => own.received.recommend.length > 0);
    let closed = false;
    const closing = own.close().then(() => {
      closed = true;
    });
    await until(() => refuses(port));
    expect(closed).toBe(false);
    release();
    const { status, data, headers } = await asked;
    expect(headers.get('connection')).toBe('close');
    expect(status).toBe(200);
    expect(data).toEqual({ recommendations: { requestId: 'list-1' } });
    await closing;
  });
});

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(server.app), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
