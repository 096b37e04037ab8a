import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token('user-1');
  const event = { tenant: 'default', userId: 'user-1', action: 'LIKE', value: null, durationMs: 900 } as const;
  const targets = [
    { itemId: 'lens-1' },
    { userId: 'user-2' },
    { itemId: 'hidden' },
    { itemId: 'gone' },
    { userId: 'gone' },
  ];
  server.events.push(
    ...targets.map((target, i) => ({
      ...event,
      target,
      eventId: `e${i}`,
      seq: BigInt(i),
      occurredAt: Date.UTC(2026, 0, 9 - i),
    })),
  );
  const item = server.items.get('lens-5');
  if (item) server.items.set('hidden', { ...item, id: 'hidden', hiddenAt: new Date() });
});
afterAll(() => server.close());

const ask = async (query: string, variables: object = {}) => {
  const { data, errors } = await server.gql(query, variables, token);
  expect(errors).toBeUndefined();
  return data ?? {};
};

describe('items', () => {
  it('answer every field', async () => {
    const data = await ask(`{ item(id: "lens-3") {
      __typename id kind title description category tags previewUrl attributes createdAt
      author { id } stats { views likes saves shares popularity } similar(first: 2) { score reason item { id } }
    } }`);
    expect(data.item).toEqual({
      __typename: 'Item',
      id: 'lens-3',
      kind: 'lens',
      title: 'Lens 3',
      description: 'About lens 3',
      category: 'face',
      tags: ['a', 'b'],
      previewUrl: '/previews/lens-3.svg',
      attributes: { faces: 3 },
      createdAt: '2026-01-01T00:00:00.000Z',
      author: { id: 'user-3' },
      stats: { views: 3, likes: 1, saves: 0, shares: 0, popularity: 3 },
      similar: [
        { score: 0.5, reason: 'Close', item: { id: 'lens-4' } },
        { score: 0.5, reason: 'Close', item: { id: 'lens-5' } },
      ],
    });
  });

  it('keep the order asked, null where unknown or hidden, twice where asked twice', async () => {
    const data = await ask('{ items(ids: ["lens-2", "nope", "hidden", "lens-1", "lens-2"]) { id } }');
    expect(data.items).toEqual([{ id: 'lens-2' }, null, null, { id: 'lens-1' }, { id: 'lens-2' }]);
  });

  it('are null when hidden or unknown', async () => {
    expect(await ask('{ a: item(id: "hidden") { id } b: item(id: "nope") { id } }')).toEqual({ a: null, b: null });
  });

  it('have no author when nobody knows them', async () => {
    server.users.delete('user-7');
    expect(await ask('{ a: item(id: "lens-7") { author { id } } b: item(id: "lens-9") { author { id } } }')).toEqual({
      a: { author: null },
      b: { author: null },
    });
  });

  it('that nothing resembles have an empty list', async () => {
    expect(await ask('{ similarItems(itemId: "nope") { score } }')).toEqual({ similarItems: [] });
  });

  it('are answered by the mutation that hides them, and gone after', async () => {
    const admin = await server.token(null, 'admin');
    const { data } = await server.gql('mutation { hideItem(id: "lens-50") { id title } }', {}, admin);
    expect(data).toEqual({ hideItem: { id: 'lens-50', title: 'Lens 50' } });
    expect(await ask('{ item(id: "lens-50") { id } }')).toEqual({ item: null });
  });

  it('reach the service as drafts', async () => {
    const items = [
      { id: 'a', kind: 'lens', title: 'A', description: null, tags: null, createdAt: null, attributes: { x: 1 } },
    ];
    await server.gql(
      'mutation($items: [ItemInput!]!) { upsertItems(items: $items) { created } }',
      { items },
      await server.token(null, 'admin'),
    );
    expect(server.received.items).toEqual([
      { id: 'a', kind: 'lens', title: 'A', description: null, attributes: { x: 1 } },
    ]);
    const users = [{ id: 'u', name: 'U', age: 5, interests: ['x'], createdAt: '2026-01-01T00:00:00Z' }];
    await server.gql(
      'mutation($users: [UserInput!]!) { upsertUsers(users: $users) { created } }',
      { users },
      await server.token(null, 'admin'),
    );
    expect(server.received.users).toEqual([{ ...users[0], createdAt: new Date('2026-01-01T00:00:00Z') }]);
  });
});

describe('people', () => {
  it('answer every field', async () => {
    expect(await ask('{ viewer { id name age gender location bio interests createdAt lastActiveAt } }')).toEqual({
      viewer: {
        id: 'user-1',
        name: 'User 1',
        age: 21,
        gender: null,
        location: 'Berlin',
        bio: null,
        interests: ['a'],
        createdAt: '2026-01-01T00:00:00.000Z',
        lastActiveAt: '2026-01-01T00:00:00.000Z',
      },
    });
    expect(await ask('{ user(id: "user-2") { lastActiveAt } none: user(id: "nobody") { id } }')).toEqual({
      user: { lastActiveAt: null },
      none: null,
    });
  });

  it('have a history in pages, without what is hidden or gone', async () => {
    const query = `query($after: String) { viewer { history(first: 3, after: $after) {
      edges { cursor node { eventId action value durationMs occurredAt item { id } user { id } } } pageInfo { hasNextPage endCursor }
    } } }`;
    const first = await ask(query);
    expect(first.viewer.history.pageInfo).toEqual({ hasNextPage: true, endCursor: '2' });
    expect(first.viewer.history.edges[0].node).toEqual({
      eventId: 'e0',
      action: 'LIKE',
      value: null,
      durationMs: 900,
      occurredAt: '2026-01-09T00:00:00.000Z',
      item: { id: 'lens-1' },
      user: null,
    });
    const second = await ask(query, { after: '2' });
    const nodes = [...first.viewer.history.edges, ...second.viewer.history.edges].map(({ node }) => [
      node.item?.id ?? null,
      node.user?.id ?? null,
    ]);
    expect(nodes).toEqual([
      ['lens-1', null],
      [null, 'user-2'],
      [null, null],
      [null, null],
      [null, null],
    ]);
    expect(second.viewer.history.pageInfo).toEqual({ hasNextPage: false, endCursor: '4' });
  });
});

describe('recommendations', () => {
  it('answer every field', async () => {
    const data = await ask(`{ recommendations(first: 1) {
      requestId totalCount algorithmVersion variant generationTimeMs cached degraded
      recommendations { score reason source position item { id } explanation { sources { source score rank } features { feature } rules } }
    } }`);
    expect(data.recommendations).toEqual({
      requestId: 'list-1',
      totalCount: expect.any(Number),
      algorithmVersion: 'fake-1',
      variant: null,
      generationTimeMs: 1.5,
      cached: false,
      degraded: 'NONE',
      recommendations: [
        {
          score: 1,
          reason: 'Because',
          source: 'fake',
          position: 0,
          item: { id: 'lens-0' },
          explanation: { sources: [{ source: 'fake', score: 1, rank: 0 }], features: [], rules: [] },
        },
      ],
    });
  });

  it('pass every argument on', async () => {
    server.received.recommend.length = 0;
    await ask(
      `query($c: ContextInput, $f: ItemFilter) {
      recommendations(first: 7, surface: "camera", context: $c, filter: $f, excludeSeen: false, excludeIds: ["x"], diversity: 0.25, sessionId: "s", requestId: "r") { requestId }
    }`,
      {
        c: {
          device: 'phone',
          location: null,
          localHour: 0,
          cameraFeatures: { facesDetected: 2, lighting: 0.5 },
          attributes: { a: [1] },
        },
        f: { kind: ['lens'], tagsAny: [], createdAfter: '2026-01-01T00:00:00Z', minPopularity: 0, notIds: ['y'] },
      },
    );
    expect(server.received.recommend).toEqual([
      {
        tenant: 'default',
        userId: 'user-1',
        first: 7,
        surface: 'camera',
        excludeSeen: false,
        excludeIds: ['x'],
        diversity: 0.25,
        sessionId: 's',
        requestId: 'r',
        signal: expect.any(AbortSignal),
        context: {
          device: 'phone',
          localHour: 0,
          cameraFeatures: { facesDetected: 2, lighting: 0.5 },
          attributes: { a: [1] },
        },
        filter: {
          kind: ['lens'],
          category: null,
          tagsAny: [],
          tagsAll: null,
          authorId: null,
          createdAfter: new Date('2026-01-01T00:00:00Z'),
          minPopularity: 0,
          notIds: ['y'],
          ids: null,
        },
      },
    ]);
  });

  it('are refreshed for oneself', async () => {
    expect(await ask('mutation { refreshRecommendations }')).toEqual({ refreshRecommendations: true });
    expect(server.received.refreshed).toEqual(['user-1']);
  });
});
