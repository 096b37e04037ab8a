import { once } from 'node:events';
import http from 'node:http';
import { createClient as createSseClient } from 'graphql-sse';
import { type Client, createClient } from 'graphql-ws';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { TrendingUpdate } from '../../src/services/trending/types.js';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;
/** The time of the server; null for that of the machine. */
let now: number | null = null;
beforeAll(async () => {
  server = await startServer({ clock: () => now ?? Date.now() });
  token = await server.token('ann');
});
afterAll(() => server.close());
afterEach(() => {
  server.received.resumed.length = 0;
  server.calls.length = 0;
});

/** Stops the server's clock where the token is good for half a second more. Call the answer to let it expire. */
function nearlyExpired(): () => void {
  const expiresAt = Number(decodeJwt(token).exp) * 1_000;
  now = expiresAt - 500;
  onTestFinished(() => {
    now = null;
  });
  return () => {
    now = expiresAt + 10_000;
  };
}

const SUBSCRIPTION = `subscription ($first: Int, $after: ID) { trendingUpdated(first: $first, after: $after) {
  cursor whole entered left moved items { rank item { id title stats { views } } } } }`;

/** An update that lists these lenses. */
function update(cursor: string, ...lenses: readonly string[]): TrendingUpdate {
  const items = lenses.flatMap((id, at) => {
    const item = server.items.get(id);
    return item === undefined ? [] : [{ item, score: 2, rank: at + 1, change: 1 }];
  });
  return { cursor, whole: false, items, entered: lenses, left: [], moved: [] };
}
const tell = (told: TrendingUpdate) => {
  for (const feed of server.feeds) feed.put(told);
};
const subscribers = (count: number) => expect.poll(() => server.feeds.size).toBe(count);

describe('over WebSocket', () => {
  const wsUrl = () => `${server.url.replace('http', 'ws')}/graphql`;
  const connect = (params: Record<string, unknown> = { authorization: `Bearer ${token}` }): Client => {
    const client = createClient({ url: wsUrl(), webSocketImpl: WebSocket, connectionParams: params, retryAttempts: 0 });
    onTestFinished(async () => {
      await client.dispose();
      await subscribers(0);
    });
    return client;
  };
  const failure = (client: Client, query = SUBSCRIPTION) =>
    new Promise<unknown>((resolve, reject) => {
      client.subscribe(
        { query },
        { next: () => reject(new Error('answered')), error: resolve, complete: () => resolve(null) },
      );
    });

  it('tells a subscriber each update, until it leaves', async () => {
    const stream = connect().iterate({ query: SUBSCRIPTION, variables: { first: 2 } });
    const first = stream.next();
    await subscribers(1);
    tell(update('a', 'lens-1', 'lens-2'));
    expect((await first).value).toEqual({
      data: {
        trendingUpdated: {
          cursor: 'a',
          whole: false,
          entered: ['lens-1', 'lens-2'],
          left: [],
          moved: [],
          items: [
            { rank: 1, item: { id: 'lens-1', title: 'Lens 1', stats: { views: 1 } } },
            { rank: 2, item: { id: 'lens-2', title: 'Lens 2', stats: { views: 2 } } },
          ],
        },
      },
    });
    tell(update('b'));
    tell(update('c'));
    expect((await stream.next()).value).toMatchObject({ data: { trendingUpdated: { cursor: 'b' } } });
    expect((await stream.next()).value).toMatchObject({ data: { trendingUpdated: { cursor: 'c' } } });
    await stream.return?.();
    await subscribers(0);
  });

  it('answers many who ask the same by one execution, and each who may see something else by their own', async () => {
    const client = connect();
    const author = SUBSCRIPTION.replace('title', 'title author { name }');
    const all = [
      ...Array.from({ length: 20 }, (_, n) => client.iterate({ query: SUBSCRIPTION, variables: { after: `c${n}` } })),
      ...Array.from({ length: 3 }, () => client.iterate({ query: author })),
    ].map((stream) => stream.next());
    await subscribers(23);
    tell(update('a', 'lens-1'));
    const answers = await Promise.all(all);
    expect(new Set(answers.map(({ value }) => JSON.stringify(value))).size).toBe(2);
    expect(server.calls.filter(({ read }) => read === 'itemStats')).toHaveLength(1 + 3);
  });

  it('goes on after a cursor', async () => {
    const stream = connect().iterate({ query: SUBSCRIPTION, variables: { after: 'seen' } });
    void stream.next();
    await subscribers(1);
    expect(server.received.resumed).toEqual(['seen']);
    await stream.return?.();
  });

  it('runs queries and mutations too', async () => {
    const client = connect();
    const run = async (query: string) => (await client.iterate({ query }).next()).value;
    expect(await run('{ item(id: "lens-1") { title } }')).toEqual({ data: { item: { title: 'Lens 1' } } });
    const like = 'mutation { sendFeedback(input: { target: { itemId: "lens-1" }, action: LIKE }) { duplicate } }';
    expect(await run(like)).toEqual({ data: { sendFeedback: { duplicate: false } } });
    expect(await run('{ item(id: "") { title } }')).toMatchObject({
      errors: [{ path: ['item'], extensions: { code: 'BAD_USER_INPUT', requestId: expect.any(String) } }],
    });
  });

  it('refuses what HTTP refuses, with a code and a request id', async () => {
    const extensions = { code: 'BAD_USER_INPUT', requestId: expect.any(String) };
    expect(await failure(connect(), 'subscription { nothing }')).toMatchObject([{ extensions }]);
    expect(await failure(connect(), 'subscription {')).toMatchObject([{ extensions }]);
    const deep = `{ similar { item ${'{ similar { item '.repeat(7)}{ id }${' } }'.repeat(7)} } }`;
    expect(await failure(connect(), `subscription { trendingUpdated { items { item ${deep} } } }`)).toMatchObject({
      0: { message: expect.stringContaining('levels deep'), extensions },
    });
    const refused = connect().iterate({ query: SUBSCRIPTION, variables: { first: 101 } });
    expect((await refused.next()).value).toMatchObject({
      errors: [{ extensions: { ...extensions, field: 'first' } }],
    });
  });

  it('closes on those who do not say who they are, with a reason', async () => {
    expect(await failure(connect({}))).toMatchObject({
      code: 4401,
      reason: expect.stringContaining('connectionParams'),
    });
    expect(await failure(connect({ authorization: 'Bearer nonsense' }))).toMatchObject({
      code: 4403,
      reason: 'The token is not valid',
    });
    const socket = new WebSocket(wsUrl().replace('/graphql', '/elsewhere'));
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });

  it('takes credentials from headers', async () => {
    const headers = { authorization: `Bearer ${token}` };
    class WithHeaders extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers });
      }
    }
    const client = createClient({ url: wsUrl(), webSocketImpl: WithHeaders, retryAttempts: 0 });
    const { value } = await client.iterate({ query: '{ viewer { id } }' }).next();
    expect(value).toEqual({ data: { viewer: null } });
    await client.dispose();
  });

  it('closes when the token has expired', async () => {
    const closed = failure(connect());
    // Looked at every minute, so not before this test is over: what comes late has the last moment of its token.
    await subscribers(1);
    const expire = nearlyExpired();
    const late = failure(connect());
    await subscribers(2);
    expire();
    expect(await late).toMatchObject({ code: 4403, reason: 'The token has expired' });
    for (const feed of server.feeds) await feed.reader.return();
    expect(await closed).toBeNull();
  });

  it('drops a reader that does not read, with a reason, and nobody else', async () => {
    const socket = new WebSocket(wsUrl(), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
    await once(socket, 'message');
    const query = SUBSCRIPTION.replace('title', 'title description');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    const good = connect().iterate({ query });
    let next = good.next();
    await subscribers(2);
    socket.pause();
    const big = server.items.get('lens-1');
    if (big === undefined) throw new Error('no lens-1');
    server.items.set('lens-1', { ...big, description: 'long '.repeat(40_000) });
    onTestFinished(() => void server.items.set('lens-1', big));
    let told = 0;
    while (server.feeds.size === 2 && told < 10_000) {
      tell(update(`u${told++}`, 'lens-1'));
      expect((await next).done).toBe(false);
      next = good.next();
    }
    expect(server.feeds.size).toBe(1);
    tell(update('end', 'lens-2'));
    expect((await next).value).toMatchObject({ data: { trendingUpdated: { cursor: 'end' } } });
    socket.resume();
    const [code, reason] = await once(socket, 'close');
    expect(code).toBe(1013);
    expect(String(reason)).toContain('Too slow');
  });
});

describe('over server-sent events', () => {
  /** The events of a stream, as they come. */
  async function* events(response: Response) {
    const reader = response.body?.pipeThrough(new TextDecoderStream());
    let text = '';
    for await (const part of reader ?? []) {
      text += part;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) if (!block.startsWith(':')) yield block;
    }
  }
  const open = (headers: Record<string, string> = {}, query = SUBSCRIPTION, method = 'POST') =>
    fetch(method === 'GET' ? `${server.url}/graphql?${new URLSearchParams({ query })}` : `${server.url}/graphql`, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify({ query }) }),
    });

  it('tells updates with their cursors as event ids, and ends with its connection', async () => {
    const response = await open();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-request-id')).toBeTruthy();
    const stream = events(response);
    await subscribers(1);
    tell(update('a', 'lens-1'));
    const { value } = await stream.next();
    expect(value).toMatch(/^event: next\nid: a\ndata: \{"data":\{"trendingUpdated":\{"cursor":"a"/);
    await stream.return(undefined);
    await subscribers(0);
  });

  it('goes on after Last-Event-ID', async () => {
    const response = await open({ 'last-event-id': 'seen' });
    await subscribers(1);
    expect(server.received.resumed).toEqual(['seen']);
    await response.body?.cancel();
    await subscribers(0);
  });

  it('serves a client of the protocol, by GET as well', async () => {
    const client = createSseClient({
      url: `${server.url}/graphql`,
      headers: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    const stream = client.iterate({ query: SUBSCRIPTION });
    const first = stream.next();
    await subscribers(1);
    tell(update('a', 'lens-2'));
    expect((await first).value).toMatchObject({ data: { trendingUpdated: { entered: ['lens-2'] } } });
    await stream.return?.();
    client.dispose();
    await subscribers(0);

    const byGet = events(await open({}, SUBSCRIPTION, 'GET'));
    await subscribers(1);
    tell(update('b'));
    expect((await byGet.next()).value).toContain('id: b');
    await byGet.return(undefined);
    await subscribers(0);
  });

  it('says what is wrong and completes', async () => {
    const read = async (query: string) => {
      const blocks: string[] = [];
      for await (const block of events(await open({}, query))) blocks.push(block);
      return blocks;
    };
    const [error = '', end] = await read('subscription { trendingUpdated(first: 0) { cursor } }');
    expect(JSON.parse(error.split('data: ')[1] ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'first', requestId: expect.any(String) } }],
    });
    expect(end).toBe('event: complete\ndata:');
    expect((await read('{ nothing }'))[0]).toContain('BAD_USER_INPUT');
    expect((await read('{ item(id: "lens-1") { title } }'))[0]).toContain('Lens 1');
  });

  it('leaves other operations of a client that takes both to JSON', async () => {
    const response = await open({ accept: 'application/json, text/event-stream' }, '{ item(id: "lens-1") { title } }');
    expect(await response.json()).toEqual({ data: { item: { title: 'Lens 1' } } });
  });

  it('drops a reader that does not read, with a reason', async () => {
    const query = SUBSCRIPTION.replace('title', 'title description');
    const headers = {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    };
    const request = http.request(`${server.url}/graphql`, { method: 'POST', headers, agent: false });
    request.end(JSON.stringify({ query }));
    const [response] = await once(request, 'response');
    await subscribers(1);
    const big = server.items.get('lens-1');
    if (big === undefined) throw new Error('no lens-1');
    server.items.set('lens-1', { ...big, description: 'long '.repeat(40_000) });
    onTestFinished(() => void server.items.set('lens-1', big));
    for (let told = 0; server.feeds.size === 1 && told < 10_000; told++) {
      tell(update(`u${told}`, 'lens-1'));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(server.feeds.size).toBe(0);
    let end = '';
    for await (const part of response) end = (end + String(part)).slice(-1_000);
    expect(end).toContain('"code":"TIMEOUT"');
    expect(end).toMatch(/event: complete\ndata:\n\n$/);
  });

  it('refuses strangers before anything is read', async () => {
    expect((await open({ authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  it('ends when the token has expired, and says so', async () => {
    const expire = nearlyExpired();
    const stream = events(await open());
    await subscribers(1);
    expire();
    expect((await stream.next()).value).toContain('The token has expired');
    expect((await stream.next()).value).toContain('event: complete');
    await subscribers(0);
  });
});

describe('a subscription over plain HTTP', () => {
  it('is refused in a way that a caller understands', async () => {
    const { errors } = await server.gql('subscription { trendingUpdated { cursor } }', {}, token);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
