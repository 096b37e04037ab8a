import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ask, type Server } from '../../examples/web/ask.js';
import config from '../../examples/web/codegen.js';
import { SearchDocument } from '../../examples/web/generated/graphql.js';
import { watchTrending } from '../../examples/web/live.js';
import { home, like, poorSections } from '../../examples/web/page.js';
import { startServer, type TestServer } from '../helpers/server.js';

const root = path.resolve(import.meta.dirname, '../..');

let server: TestServer;
let client: Server;
beforeAll(async () => {
  server = await startServer();
  const token = await server.token('user-1');
  client = { url: server.url, token: async () => token };
});
afterAll(() => server.close());

describe('examples/web', () => {
  it('has generated types that are up to date (npx graphql-codegen --config examples/web/codegen.ts)', async () => {
    const made: { filename: string; content: string }[] = await generate({ ...config, cwd: root, silent: true }, false);
    expect(made.map(({ filename }) => path.basename(filename)).sort()).toEqual(['gql.ts', 'graphql.ts', 'index.ts']);
    for (const { filename, content } of made) {
      expect(await readFile(path.resolve(root, filename), 'utf8'), filename).toBe(content);
    }
  });

  it('asks for the page, typed, and names what came poorer', async () => {
    const answer = await home(client);
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.viewer?.name).toBe('User 1');
    expect(answer.data?.recommendations.recommendations).toHaveLength(10);
    expect(answer.data?.feed.edges[0]?.node.author?.id).toBe('user-0');
    expect(poorSections(answer)).toEqual([]);

    const extensions = { code: 'TIMEOUT', requestId: 'r' };
    const poorer = { data: answer.data, errors: [{ message: 'late', path: ['viewer'], extensions }] };
    expect(poorSections(poorer)).toEqual(['viewer']);
    expect(poorSections({ data: null, errors: [{ message: 'refused', extensions }] })).toEqual([]);
    expect(poorSections({ data: answer.data, extensions: { degraded: ['trending'] } })).toEqual(['trending']);
  });

  it('sends feedback that counts once, however often it has to be tried', async () => {
    const real = globalThis.fetch;
    let tries = 0;
    vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
      const response = await real(...args);
      tries += 1;
      // The first answer is lost on its way.
      if (tries === 1) throw new TypeError('fetch failed');
      return response;
    });
    try {
      await like(client, 'lens-4', 'list-1', 3);
    } finally {
      vi.unstubAllGlobals();
    }
    const [first, second] = server.received.feedback.slice(-2);
    expect(first).toMatchObject({ action: 'LIKE', target: { itemId: 'lens-4' }, requestId: 'list-1', position: 3 });
    expect(second?.eventId).toBe(first?.eventId);
    await expect(like(client, 'unknown', 'list-1', 3)).rejects.toThrow('target.itemId unknown');
  });

  it('sends any of the ready operations', async () => {
    const { data } = await ask(client, SearchDocument, { query: 'fox', first: 2 });
    expect(data?.search.edges.length).toBeGreaterThan(0);
  });

  it('keeps a list of what trends current, and goes on from its cursor when the connection is cut', async () => {
    const sockets = new Set<WebSocket>();
    vi.stubGlobal(
      'WebSocket',
      class extends WebSocket {
        constructor(address: string, protocol: string) {
          super(address, protocol);
          sockets.add(this);
        }
      },
    );
    const lists: string[][] = [];
    const errors: unknown[] = [];
    const entry = (number: number, rank: number) => {
      const item = server.items.get(`lens-${number}`);
      if (item === undefined) throw new Error('not in the world');
      return { item, rank, score: 2, change: 1 };
    };
    const put = (cursor: string, whole: boolean, items: ReturnType<typeof entry>[], left: string[] = []) => {
      for (const feed of server.feeds) feed.put({ cursor, whole, items, left, entered: [], moved: [] });
    };
    const watching = watchTrending(
      client,
      (list) => lists.push(list.map(({ item }) => item.id)),
      (error) => errors.push(error),
    );
    await expect.poll(() => server.feeds.size).toBe(1);
    put('c1', true, [entry(1, 1), entry(2, 2)]);
    await expect.poll(() => lists.at(-1)).toEqual(['lens-1', 'lens-2']);
    put('c2', false, [entry(3, 1), entry(2, 2)], ['lens-1']);
    await expect.poll(() => lists.at(-1)).toEqual(['lens-3', 'lens-2']);
    for (const socket of sockets) socket.terminate();
    await expect.poll(() => server.received.resumed.at(-1)).toBe('c2');
    watching.stop();
    await expect.poll(() => server.feeds.size).toBe(0);
    expect(errors).toEqual([]);
    vi.unstubAllGlobals();
  });
});
