import { randomUUID } from 'node:crypto';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';
import { removeKeys } from '../helpers/liveAdapters.js';

interface Update {
  readonly cursor: string;
  readonly whole: boolean;
  readonly items: readonly { readonly rank: number; readonly item: { readonly id: string } }[];
  readonly entered: readonly string[];
  readonly left: readonly string[];
}

const SUBSCRIPTION = `subscription ($after: ID) { trendingUpdated(first: 5, after: $after) {
  cursor whole entered left moved items { rank item { id title } } } }`;

const shared = environments().find(({ name }) => name !== 'embedded');
const lack = shared === undefined ? (inject('postgresLack') ?? 'no Redis found') : null;

/** What was told so far, and the list that a client makes of it. */
function listener() {
  const updates: Update[] = [];
  let list: string[] = [];
  return {
    updates,
    list: () => list,
    hear(data: { readonly trendingUpdated?: Update } | null | undefined) {
      const update = data?.trendingUpdated;
      if (update === undefined) throw new Error(`no update: ${JSON.stringify(data)}`);
      updates.push(update);
      const ranks = new Map(update.whole ? [] : list.map((id, at) => [id, at + 1]));
      for (const id of update.left) ranks.delete(id);
      for (const { item, rank } of update.items) ranks.set(item.id, rank);
      list = [...ranks].sort(([, a], [, b]) => a - b).map(([id]) => id);
    },
  };
}

describe.skipIf(lack !== null)(`subscriptions on two nodes ${lack ?? ''}`, () => {
  let curio: Curio;
  let nodes: [RunningServer, RunningServer];
  let token: string;
  let dispose: () => Promise<void>;
  let prefix: string;

  beforeAll(async () => {
    const { env, dispose: leave } = (await shared?.open()) ?? { env: {}, dispose: async () => {} };
    curio = await openCurio(env);
    dispose = leave;
    prefix = env.CURIO_KEY_PREFIX ?? '';
    await curio.run('migrate');
    nodes = [await curio.serve(), await curio.serve()];
    token = (await curio.run('token', '--user', 'tester')).trim();
    const items = Array.from({ length: 5 }, (_, n) => ({ id: `item-${n}`, kind: 'lens', title: `Item ${n}` }));
    const upsert = 'mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { created } }';
    expect(await nodes[0].graphql(upsert, { items })).toMatchObject({ data: { upsertItems: { created: 5 } } });
  });
  afterAll(async () => {
    await curio.dispose();
    await dispose();
  });

  const crowd = async (node: RunningServer, itemId: string, people: number) => {
    const inputs = Array.from({ length: people }, () => ({ target: { itemId }, action: 'LIKE', userId: randomUUID() }));
    const send = 'mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted } }';
    expect(await node.graphql(send, { inputs })).toMatchObject({ data: { sendFeedbackBatch: { accepted: people } } });
  };
  const soon = <T>(read: () => T) => expect.poll(read);

  it('hear of what another node is told, and go on there when their own is killed', async () => {
    const [one, other] = nodes;
    let serving = one;

    const overWs = listener();
    const ws = createClient({
      url: () => `${serving.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 20,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
      shouldRetry: () => true,
    });
    const failures: unknown[] = [];
    ws.subscribe<{ trendingUpdated: Update }>(
      { query: SUBSCRIPTION },
      { next: ({ data }) => overWs.hear(data), error: (error) => failures.push(error), complete: () => {} },
    );

    const overSse = listener();
    const sse = createSseClient({
      url: () => `${serving.url}/graphql`,
      headers: (): Record<string, string> => {
        const last = overSse.updates.at(-1)?.cursor;
        return { authorization: `Bearer ${token}`, ...(last !== undefined && { 'last-event-id': last }) };
      },
      retryAttempts: 20,
      retry: () => new Promise((resolve) => setTimeout(resolve, 50)),
    });
    sse.subscribe<{ trendingUpdated: Update }, unknown>(
      { query: SUBSCRIPTION },
      { next: ({ data }) => overSse.hear(data), error: (error) => failures.push(error), complete: () => {} },
    );

    // On subscribe the whole list; there is nothing in it yet.
    await soon(() => [overWs.updates.length, overSse.updates.length]).toEqual([1, 1]);
    expect(overWs.updates[0]).toMatchObject({ whole: true, items: [], entered: [], left: [] });

    // What one node is told reaches subscribers of the other.
    await crowd(other, 'item-1', 6);
    await soon(() => [overWs.list(), overSse.list()]).toEqual([['item-1'], ['item-1']]);
    expect(overWs.updates.at(-1)).toMatchObject({ whole: false, entered: ['item-1'] });
    const cursor = overSse.updates.at(-1)?.cursor;
    expect(overWs.updates.at(-1)?.cursor).toBe(cursor);

    // The node is killed. What comes next is told by the other.
    serving = other;
    expect(await one.end('SIGKILL')).toBeNull();
    const [wsBefore, sseBefore] = [overWs.updates.length, overSse.updates.length];
    await crowd(other, 'item-2', 12);
    await soon(() => [overWs.list(), overSse.list()]).toEqual([
      ['item-2', 'item-1'],
      ['item-2', 'item-1'],
    ]);
    // graphql-ws subscribes anew and gets the whole list; who names an event goes on after it.
    expect(overWs.updates[wsBefore]).toMatchObject({ whole: true });
    expect(overSse.updates[sseBefore]).toMatchObject({ whole: false, entered: ['item-2'], left: [] });

    // A cursor that the killed node gave out is good here, as an argument too.
    const resumed = await ws
      .iterate<{ trendingUpdated: Update }>({ query: SUBSCRIPTION, variables: { after: cursor } })
      .next();
    expect(resumed.value?.data?.trendingUpdated).toMatchObject({ whole: false, entered: ['item-2'] });
    const unknown = await ws
      .iterate<{ trendingUpdated: Update }>({ query: SUBSCRIPTION, variables: { after: 'long ago' } })
      .next();
    expect(unknown.value?.data?.trendingUpdated).toMatchObject({ whole: true });
    expect(failures).toEqual([]);
    await ws.dispose();
    sse.dispose();
  });

  it('know what trends after Redis was emptied', async () => {
    const [, node] = nodes;
    const ask = async () => {
      const { data } = await node.graphql<{ trending: readonly { item: { id: string }; score: number }[] }>(
        '{ trending { score item { id } } }',
      );
      return data.trending.map(({ item }) => item.id);
    };
    expect(await ask()).toEqual(['item-2', 'item-1']);
    const redis = new Redis(inject('redisUrl') ?? '');
    const boards = async () => (await redis.keys(`${prefix}board:*trending:HOUR:*`)).length;
    expect(await boards()).toBeGreaterThan(0);
    await removeKeys(inject('redisUrl') ?? '', prefix);
    expect(await boards()).toBe(0);
    const recounted = async () => [await ask(), (await boards()) > 0];
    await expect.poll(recounted).toEqual([['item-2', 'item-1'], true]);
    await redis.quit();
  });
});
