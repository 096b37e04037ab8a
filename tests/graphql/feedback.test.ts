import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addApiKey, read, startServer, type TestServer } from '../helpers/server.js';

const MINUTE_MS = 60_000;
const SEND = 'mutation($input: FeedbackInput!) { sendFeedback(input: $input) { eventId duplicate } }';
const BATCH = `mutation($inputs: [FeedbackInput!]!) {
  sendFeedbackBatch(inputs: $inputs) { accepted duplicates rejected { index code message } }
}`;
const like = { target: { itemId: 'lens-1' }, action: 'LIKE' };

describe('feedback', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  beforeEach(() => {
    server.received.feedback.length = 0;
  });
  afterAll(() => server.close());

  it('reaches the service as it was sent, in the name of the token', async () => {
    const input = {
      ...like,
      durationMs: 1200,
      value: 0.5,
      requestId: 'list-1',
      position: 3,
      eventId: 'mine',
      occurredAt: '2026-05-04T12:00:00.123456+02:00',
      context: { mood: { good: [1, null, true, 'x'] } },
      sessionId: 'visit-1',
    };
    const { data } = await server.gql(SEND, { input }, await server.token('user-1', 'user', 'acme'));
    expect(data).toEqual({ sendFeedback: { eventId: 'mine', duplicate: false } });
    expect(server.received.feedback).toEqual([
      { ...input, tenant: 'acme', userId: 'user-1', occurredAt: new Date('2026-05-04T10:00:00.123Z') },
    ]);
  });

  it("is a session's where a service names a session and nobody", async () => {
    const service = await server.token(null, 'service', 'acme');
    const { data } = await server.gql(SEND, { input: { ...like, sessionId: 'visit-1' } }, service);
    expect(data).toMatchObject({ sendFeedback: { duplicate: false } });
    expect(server.received.feedback).toMatchObject([{ userId: 'session:visit-1', sessionId: 'visit-1' }]);
    await server.gql('{ recommendations(sessionId: "visit-1") { requestId } }', {}, service);
    expect(server.received.recommend.at(-1)).toMatchObject({ userId: 'session:visit-1', sessionId: 'visit-1' });
    const { errors } = await server.gql(SEND, { input: like }, service);
    expect(errors?.[0]?.message).toContain('userId');
  });

  it('means the same in a literal and in a variable', async () => {
    const token = await server.token('user-1');
    await server.gql(
      'mutation { sendFeedback(input: { target: { userId: "user-2" }, action: FOLLOW, context: { a: [1, "b", null] }, occurredAt: "2026-05-04T10:00:00Z" }) { eventId } }',
      {},
      token,
    );
    const input = {
      target: { userId: 'user-2' },
      action: 'FOLLOW',
      context: { a: [1, 'b', null] },
      occurredAt: '2026-05-04T10:00:00Z',
    };
    await server.gql(SEND, { input }, token);
    const [literal, variable] = server.received.feedback;
    expect(JSON.parse(JSON.stringify(literal))).toEqual(JSON.parse(JSON.stringify(variable)));
    expect(literal?.occurredAt).toEqual(new Date('2026-05-04T10:00:00Z'));
  });

  it('one bad row does not lose the others, and each keeps its place', async () => {
    const inputs = [
      like,
      { ...like, userId: 'user-2' },
      { ...like, target: { itemId: 'unknown' } },
      like,
      { ...like, userId: '' },
      { ...like, target: { itemId: 'unknown' } },
    ];
    const { data } = await server.gql(BATCH, { inputs }, await server.token('user-1'));
    expect(data?.sendFeedbackBatch).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, code: 'FORBIDDEN', message: expect.stringContaining('userId') },
        { index: 2, code: 'NOT_FOUND', message: expect.any(String) },
        { index: 4, code: 'BAD_USER_INPUT', message: expect.stringContaining('userId must be 1 to 256') },
        { index: 5, code: 'NOT_FOUND', message: expect.any(String) },
      ],
    });
    expect(server.received.feedback).toHaveLength(4);
  });

  it('a batch that is all refused never reaches the service', async () => {
    const { data } = await server.gql(BATCH, { inputs: [{ ...like, userId: 'user-2' }] }, await server.token('user-1'));
    expect(data?.sendFeedbackBatch).toMatchObject({ accepted: 0, rejected: [{ index: 0, code: 'FORBIDDEN' }] });
    expect(server.received.feedback).toEqual([]);
  });

  it('a service without a user names who acted, row by row', async () => {
    const inputs = [{ ...like, userId: 'user-1' }, like];
    const { data } = await server.gql(BATCH, { inputs }, await server.token(null, 'service'));
    expect(data?.sendFeedbackBatch).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'BAD_USER_INPUT' }] });
  });

  it('takes a thousand at once', async () => {
    const { data } = await server.gql(BATCH, { inputs: Array(1000).fill(like) }, await server.token('user-1'));
    expect(data?.sendFeedbackBatch).toMatchObject({ accepted: 1000 });
  });
});

describe('rates', () => {
  let server: TestServer;
  let now = 0;
  beforeAll(async () => {
    const env = { CURIO_RATE_RECOMMENDATIONS: '3', CURIO_RATE_FEEDBACK: '2', CURIO_RATE_SERVICE: '5' };
    // Tokens are checked against the same clock.
    server = await startServer({ env, clock: () => Date.now() + now });
  });
  afterAll(() => server.close());

  const ask = (token: string) => server.gql('{ recommendations { requestId } }', {}, token);
  const codes = async (
    calls: readonly Promise<{ errors?: readonly { extensions: { code: string } }[] | undefined }>[],
  ) => (await Promise.all(calls)).map(({ errors }) => errors?.[0]?.extensions.code ?? 'fine').sort();

  it('are per person and minute, and say when to come back', async () => {
    const token = await server.token('rated-1');
    expect(await codes([ask(token), ask(token), ask(token), ask(token)])).toEqual([
      'RATE_LIMITED',
      'fine',
      'fine',
      'fine',
    ]);
    const { errors, status } = await ask(token);
    expect(status).toBe(200);
    const wait = errors?.[0]?.extensions.retryAfterMs;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(MINUTE_MS);
    expect(errors?.[0]?.message).toMatch(/^Too many requests, try again in \d+ s$/);
    expect((await ask(await server.token('rated-2'))).errors).toBeUndefined();
    expect((await ask(await server.token('rated-1', 'user', 'other-tenant'))).errors).toBeUndefined();
    now += MINUTE_MS;
    expect((await ask(token)).errors).toBeUndefined();
  });

  it('count every alias, before any of it runs', async () => {
    const token = await server.token('rated-3');
    const before = server.received.recommend.length;
    const { errors } = await server.gql(
      `{ ${'abcd'
        .split('')
        .map((name) => `${name}: recommendations { requestId }`)
        .join(' ')} }`,
      {},
      token,
    );
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['RATE_LIMITED']);
    expect(server.received.recommend).toHaveLength(before);
  });

  it('count single events one by one, and batches by their events', async () => {
    const token = await server.token('rated-4');
    const send = () => server.gql(SEND, { input: like }, token);
    expect(await codes([send(), send(), send()])).toEqual(['RATE_LIMITED', 'fine', 'fine']);
    const batch = (size: number) => server.gql(BATCH, { inputs: Array(size).fill(like) }, token);
    expect((await batch(1000)).errors).toBeUndefined();
    expect((await batch(1)).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  it('are their own for services and keys', async () => {
    const key = await addApiKey(server.apiKeys, { tenant: 'default', name: 'rated', role: 'service', rates: {} });
    const asService = async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ query: '{ recommendations(userId: "rated-1") { requestId } }' }),
      });
      return read(response);
    };
    expect(await codes(Array.from({ length: 6 }, asService))).toEqual(['RATE_LIMITED', ...Array(5).fill('fine')]);
  });
});
