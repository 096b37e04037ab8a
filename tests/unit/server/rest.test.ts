import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openApi } from '../../../src/server/rest/openapi.js';
import { routes } from '../../../src/server/rest/routes.js';
import { addApiKey, startServer, type TestServer } from '../../helpers/server.js';

let server: TestServer;
let token: string;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token('user-1');
  admin = await server.token('boss', 'admin');
});
beforeEach(() => {
  server.received.feedback.length = 0;
  server.received.recommend.length = 0;
  server.pause = Promise.resolve();
});
afterAll(() => server.close());

const fault = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.looseObject({ code: z.string(), requestId: z.string() }) }))
    .length(1),
});

interface Call {
  readonly body?: unknown;
  readonly as?: string | null;
  readonly at?: TestServer;
}
async function call(path: string, { body, as = token, at = server }: Call = {}) {
  const response = await fetch(`${at.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(as !== null && { authorization: `Bearer ${as}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  const route = routes.find((one) => new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}(\\?|$)`).test(path));
  // Every answer is what the document says.
  if (response.ok) expect(route?.output.status).toBe(response.status);
  if (response.ok && route?.output.schema) expect(() => route.output.schema?.parse(json)).not.toThrow();
  const error = response.ok ? null : fault.parse(json).errors[0];
  return { response, status: response.status, json, text, error };
}

describe('GET /v1/lens_recs', () => {
  it('answers lenses, with the request id that feedback quotes', async () => {
    const { status, json, response } = await call('/v1/lens_recs?num=2&session_id=s1');
    expect(status).toBe(200);
    expect(json).toEqual({
      recommendations: [
        {
          lens_id: 'lens-0',
          name: 'Lens 0',
          preview_url: '/previews/lens-0.svg',
          category: 'face',
          score: 1,
          reason: 'Because',
        },
        {
          lens_id: 'lens-1',
          name: 'Lens 1',
          preview_url: '/previews/lens-1.svg',
          category: 'face',
          score: 0.5,
          reason: 'Because',
        },
      ],
      request_id: 'list-1',
    });
    expect(server.received.recommend[0]).toMatchObject({ userId: 'user-1', first: 2, sessionId: 's1', context: null });
    expect(response.headers.get('x-request-id')).toBeTruthy();
    expect(response.headers.get('x-process-time')).toBeTruthy();
    expect(response.headers.get('ratelimit-limit')).toBe('1000000');
  });

  const context = {
    device: 'phone',
    local_hour: 9,
    camera_features: { faces_detected: 2, lighting: 0.5 },
    mood: 'gay',
  };
  it.each([
    ['JSON', encodeURIComponent(JSON.stringify(context))],
    ['base64', encodeURIComponent(Buffer.from(JSON.stringify(context)).toString('base64'))],
    ['base64url', Buffer.from(JSON.stringify(context)).toString('base64url')],
  ])('reads a context that is %s', async (_name, text) => {
    expect((await call(`/v1/lens_recs?context=${text}`)).status).toBe(200);
    expect(server.received.recommend[0]?.context).toEqual({
      device: 'phone',
      localHour: 9,
      cameraFeatures: { facesDetected: 2, lighting: 0.5 },
      attributes: { mood: 'gay' },
    });
  });

  it.each([
    ['num=21', 'num'],
    ['num=0', 'num'],
    ['num=ten', 'num'],
    ['num=', 'num'],
    ['num=1&num=2', 'num'],
    ['context=%7Bnone', 'context'],
    ['context=bm9uZQ', 'context'],
    [`context=${encodeURIComponent('{"local_hour":24}')}`, 'context.localHour'],
    [`context=${encodeURIComponent('{"camera_features":3}')}`, 'context.camera_features'],
    ['session_id=', 'session_id'],
    ['user_id=%00', 'user_id'],
  ])('refuses %s and names %s', async (query, field) => {
    const { status, error } = await call(`/v1/lens_recs?${query}`);
    expect(status).toBe(400);
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(error?.message.startsWith(field)).toBe(true);
  });

  it('is for the person of the token, unless a service asks', async () => {
    expect((await call('/v1/lens_recs?user_id=user-2')).status).toBe(403);
    expect((await call('/v1/lens_recs', { as: null })).status).toBe(401);
    expect((await call('/v1/lens_recs?user_id=user-2', { as: await server.token(null, 'service') })).status).toBe(200);
    expect(server.received.recommend[0]?.userId).toBe('user-2');
  });

  it('answers 504 when it takes too long, and lets the work know', async () => {
    const hasty = await startServer({ env: { CURIO_REQUEST_TIMEOUT_MS: '1000' } });
    onTestFinished(() => hasty.close());
    let release = () => {};
    hasty.pause = new Promise((resolve) => {
      release = resolve;
    });
    const { status, error } = await call('/v1/lens_recs', { at: hasty });
    release();
    expect(status).toBe(504);
    expect(error?.extensions.code).toBe('TIMEOUT');
    expect(hasty.received.recommend[0]?.signal?.aborted).toBe(true);
  });
});

describe('GET /v1/lens_search', () => {
  it('finds lenses, narrowed by filters', async () => {
    const filters = { category: 'face', tags_any: ['a'], created_after: '2026-01-01T00:00:00Z', min_popularity: 1 };
    const { status, json, response } = await call(
      `/v1/lens_search?query=fox&num=1&filters=${encodeURIComponent(JSON.stringify(filters))}`,
    );
    expect(status).toBe(200);
    expect(json).toEqual({
      recommendations: [{ lens_id: 'lens-0', name: 'Lens 0', preview_url: '/previews/lens-0.svg', category: 'face' }],
      request_id: response.headers.get('x-request-id'),
    });
    expect(server.received.search.at(-1)).toMatchObject({
      query: 'fox',
      first: 1,
      userId: 'user-1',
      filter: {
        category: ['face'],
        tagsAny: ['a'],
        createdAfter: new Date('2026-01-01T00:00:00Z'),
        minPopularity: 1,
        kind: null,
      },
    });
  });

  it.each([
    ['', 'query'],
    ['query=', 'query'],
    ['query=%20', 'query'],
    ['query=a&num=21', 'num'],
    ['query=a&filters=none', 'filters'],
    [`query=a&filters=${encodeURIComponent('{"colour":"red"}')}`, 'filters'],
    [`query=a&filters=${encodeURIComponent('{"created_after":"soon"}')}`, 'filters.created_after'],
  ])('refuses %s and names %s', async (query, field) => {
    const { status, error } = await call(`/v1/lens_search?${query}`);
    expect(status).toBe(400);
    expect(error?.extensions.field).toBe(field);
  });
});

describe('POST /v1/feedback', () => {
  it('is 202 and empty once durable', async () => {
    const body = { lens_id: 'lens-1', action: 'like', request_id: 'list-1', timestamp: 1_750_000_000, duration_ms: 5 };
    const { status, text } = await call('/v1/feedback', { body });
    expect([status, text]).toEqual([202, '']);
    expect(server.received.feedback[0]).toMatchObject({
      target: { itemId: 'lens-1', userId: null },
      action: 'LIKE',
      userId: 'user-1',
      requestId: 'list-1',
      durationMs: 5,
      occurredAt: new Date(1_750_000_000_000),
    });
  });

  it.each([
    [1_750_000_000_000, 1_750_000_000_000],
    ['2026-05-04T10:00:00Z', Date.UTC(2026, 4, 4, 10)],
  ])('reads the time %s', async (timestamp, at) => {
    await call('/v1/feedback', { body: { item_id: 'lens-1', action: 'VIEW', timestamp } });
    expect(server.received.feedback[0]?.occurredAt?.getTime()).toBe(at);
  });

  it.each([
    [{ lens_id: 'lens-1' }, 400, 'action'],
    [{ lens_id: 'lens-1', action: 'ADORE' }, 400, 'action'],
    [{ lens_id: 'lens-1', action: 'LIKE', timestamp: 'soon' }, 400, 'timestamp'],
    [{ lens_id: 'lens-1', action: 'LIKE', position: 'first' }, 400, 'position'],
    [{ lens_id: 'lens-1', action: 'LIKE', context: [] }, 400, 'context'],
    [[], 400, 'body'],
  ])('refuses %j', async (body, status, field) => {
    const refused = await call('/v1/feedback', { body });
    expect(refused.status).toBe(status);
    expect(refused.error?.extensions.field).toBe(field);
    expect(server.received.feedback).toEqual([]);
  });

  it('says which target is unknown', async () => {
    const { status, error } = await call('/v1/feedback', { body: { lens_id: 'unknown', action: 'LIKE' } });
    expect([status, error?.extensions.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('refuses what is not JSON', async () => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const broken = await fetch(`${server.url}/v1/feedback`, { method: 'POST', headers, body: '{' });
    expect(broken.status).toBe(400);
    const large = await fetch(`${server.url}/v1/feedback`, { method: 'POST', headers, body: `"${'x'.repeat(3e6)}"` });
    expect(large.status).toBe(413);
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fetch(`${server.url}/v1/feedback`, { method: 'POST', headers: form, body: 'a=1' })).status).toBe(415);
  });
});

describe('people', () => {
  it('are recommended, as the filter of the query wants them', async () => {
    const path = '/v1/users/user-1/recommendations?limit=2&exclude_seen=false&min_age=20&max_age=30&location=Berlin';
    const { status, json } = await call(path);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      recommendations: [
        { user_id: 'user-0', match_score: 1 },
        { user_id: 'user-1', match_score: 0.5 },
      ],
      total_count: 100,
      algorithm_version: 'fake-1',
      generation_time_ms: 1.5,
    });
    expect(server.received.people.at(-1)).toMatchObject({
      userId: 'user-1',
      excludeSeen: false,
      filter: { minAge: 20, maxAge: 30, location: 'Berlin' },
    });
  });

  it('who are alike', async () => {
    const { json } = await call('/v1/users/user-1/similar?limit=1');
    expect(json).toMatchObject({ similar: [{ user_id: 'user-0', score: 0.5, reason: 'Close' }] });
  });

  it.each([
    ['/v1/users/user-2/recommendations', 403, undefined],
    ['/v1/users/user-1/recommendations?limit=101', 400, 'limit'],
    ['/v1/users/user-1/recommendations?exclude_seen=maybe', 400, 'exclude_seen'],
    ['/v1/users/user-1/recommendations?min_age=40&max_age=30', 400, 'filter.minAge'],
    ['/v1/users/user-1/similar?id=user-2&limit=0', 400, 'limit'],
  ])('%s is refused', async (path, status, field) => {
    const refused = await call(path);
    expect(refused.status).toBe(status);
    expect(refused.error?.extensions.field).toBe(field);
  });
});

describe('POST /v1/recommend', () => {
  it('is idempotent by the id of the request', async () => {
    const { status, json } = await call('/v1/recommend', {
      body: { n: 1, request_id: 'mine', context: { device: 'tv' } },
    });
    expect([status, json]).toEqual([200, [{ item_id: 'lens-0', score: 1, reason: 'Because' }]]);
    expect(server.received.recommend[0]).toMatchObject({ requestId: 'mine', first: 1, context: { device: 'tv' } });
  });

  it('needs nothing', async () => {
    const response = await fetch(`${server.url}/v1/recommend`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('operations', () => {
  it('drop cached lists', async () => {
    expect((await call('/v1/recommendations/refresh', { body: {} })).json).toEqual({ refreshed: true });
    expect(server.received.refreshed).toEqual(['user-1']);
  });

  it('tell a service how lists do', async () => {
    expect((await call('/v1/recommendations/performance')).status).toBe(403);
    await call('/v1/lens_recs');
    const key = await addApiKey(server.apiKeys, { tenant: 'default', name: 'ops', role: 'service', rates: {} });
    const response = await fetch(`${server.url}/v1/recommendations/performance`, { headers: { 'x-api-key': key } });
    const report = z
      .looseObject({ requests: z.number(), latency_ms: z.looseObject({ p50: z.number() }) })
      .parse(await response.json());
    expect(report.requests).toBeGreaterThan(0);
    // The histogram keeps three digits.
    expect(report.latency_ms.p50).toBeCloseTo(1.5, 2);
  });

  it('deploy a version for an admin, whole', async () => {
    const deploy = (body: unknown, as = admin) => call('/v1/models/deploy', { body, as });
    expect((await deploy({ model_version: 'v1' }, token)).status).toBe(403);
    expect((await deploy({ model_version: 'v1' })).json).toEqual({ model_version: 'v1', canary_percent: 100 });
    expect(server.received.deployed).toEqual([['default', 'v1']]);
    expect((await deploy({ model_version: 'unknown' })).status).toBe(404);
    const part = await deploy({ model_version: 'v1', canary_percent: 10 });
    expect(part.error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'canary_percent' });
    expect(server.received.deployed).toHaveLength(1);
  });
});

describe('limits', () => {
  it('answer 429 with Retry-After', async () => {
    const own = await startServer({ env: { CURIO_RATE_RECOMMENDATIONS: '1' } });
    try {
      const headers = { authorization: `Bearer ${await own.token('user-1')}` };
      expect((await fetch(`${own.url}/v1/lens_recs`, { headers })).status).toBe(200);
      const refused = await fetch(`${own.url}/v1/lens_recs`, { headers });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
      const { errors } = fault.parse(await refused.json());
      expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
      // GraphQL and REST are one limit.
      const { errors: over } = await own.gql('{ recommendations { requestId } }', {}, await own.token('user-1'));
      expect(over?.[0]?.extensions.code).toBe('RATE_LIMITED');
    } finally {
      await own.close();
    }
  });
});

it('exports what is kept of a person to the person and to admins alone', async () => {
  const get = async (as: string | null) => {
    const headers = { authorization: `Bearer ${as}` };
    const response = await fetch(`${server.url}/v1/users/user-1/export`, { headers });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
  };
  for (const as of [token, admin]) {
    const { status, type, body } = await get(as);
    expect({ status, type }).toEqual({ status: 200, type: 'application/json' });
    expect(JSON.parse(body)).toMatchObject({ user: { id: 'user-1' } });
  }
  expect((await get(await server.token('user-2'))).status).toBe(403);
  expect((await get(await server.token(null, 'service'))).status).toBe(403);
});

describe('/v1/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document of every route', async () => {
    const response = await fetch(`${server.url}/v1/openapi.json`);
    const document = z.looseObject({ paths: z.record(z.string(), z.unknown()) }).parse(await response.json());
    const validator = new Validator();
    const { valid, errors } = await validator.validate(document);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(routes.map(({ path }) => path)));
    expect(document).toEqual(JSON.parse(JSON.stringify(openApi(routes))));
  });

  it('says of parameters what is refused', async () => {
    const parameters = z
      .looseObject({
        paths: z.looseObject({
          '/v1/lens_recs': z.looseObject({ get: z.looseObject({ parameters: z.array(z.unknown()) }) }),
        }),
      })
      .parse(openApi(routes)).paths['/v1/lens_recs'].get.parameters;
    expect(parameters).toContainEqual(
      expect.objectContaining({
        name: 'num',
        in: 'query',
        required: false,
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 20, default: 10 }),
      }),
    );
  });
});
