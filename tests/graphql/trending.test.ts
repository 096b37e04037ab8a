import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token('ann');
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.trending.length = 0;
  server.calls.length = 0;
});

describe('trending', () => {
  it('answers items with rank, score and change', async () => {
    const { data, errors } = await server.gql(
      '{ trending(first: 2) { rank score change item { id title stats { views } author { name } } } }',
      {},
      token,
    );
    expect(errors).toBeUndefined();
    expect(data?.trending).toMatchObject([
      { rank: 1, score: 2, change: 1, item: { id: 'lens-0', author: { name: 'User 0' } } },
      { rank: 2, score: 1, change: 1, item: { id: 'lens-1', stats: { views: 1 } } },
    ]);
    expect(server.calls.map(({ read }) => read).sort()).toEqual(['itemStats', 'users']);
  });

  it('passes window, filter and defaults on', async () => {
    await server.gql('{ trending { rank } }', {}, token);
    await server.gql(
      'query ($f: ItemFilter) { trending(first: 3, window: WEEK, filter: $f) { rank } }',
      { f: { category: ['face'] } },
      token,
    );
    expect(server.received.trending).toMatchObject([
      { tenant: 'default', window: 'HOUR', filter: null, first: 10 },
      { tenant: 'default', window: 'WEEK', filter: { category: ['face'], ids: null }, first: 3 },
    ]);
  });

  it('refuses what is out of bounds, and strangers', async () => {
    for (const [query, field] of [
      ['{ trending(first: 0) { rank } }', 'first'],
      ['{ trending(first: 101) { rank } }', 'first'],
      ['{ trending(filter: { minPopularity: -1 }) { rank } }', 'filter.minPopularity'],
    ] as const) {
      const { errors } = await server.gql(query, {}, token);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field } }]);
    }
    const { errors } = await server.gql('{ trending { rank } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('trendingOnly', () => {
  it('limits any list to what trends', async () => {
    server.received.recommend.length = 0;
    const ask = (filter: object) =>
      server.gql('query ($f: ItemFilter) { recommendations(filter: $f) { totalCount } }', { f: filter }, token);
    await ask({ trendingOnly: true, kind: ['lens'] });
    await ask({ trendingOnly: false });
    expect(server.received.recommend.map(({ filter }) => [filter?.ids, filter?.kind])).toEqual([
      [['lens-3', 'lens-1'], ['lens']],
      [null, null],
    ]);
  });

  it('limits a search too', async () => {
    server.received.search.length = 0;
    await server.gql('{ search(query: "lens", filter: { trendingOnly: true }) { totalCount } }', {}, token);
    expect(server.received.search).toMatchObject([{ filter: { ids: ['lens-3', 'lens-1'] } }]);
  });
});

describe('the address of feedback', () => {
  it('is passed on for people, not for services, who speak for others', async () => {
    const like =
      'mutation { sendFeedback(input: { target: { itemId: "lens-1" }, action: LIKE, userId: "ann" }) { eventId } }';
    const rest = (bearer: string) =>
      fetch(`${server.url}/v1/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ user_id: 'ann', item_id: 'lens-1', action: 'like' }),
      });
    const service = await server.token(null, 'service');
    server.received.addresses.length = 0;
    for (const bearer of [token, service]) {
      await server.gql(like, {}, bearer);
      expect((await rest(bearer)).status).toBe(202);
    }
    expect(server.received.addresses).toEqual(['127.0.0.1', '127.0.0.1', null, null]);
  });
});
