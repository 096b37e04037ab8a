import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openPersisted } from '../../src/graphql/persisted.js';
import { post, read, startServer, type TestServer } from '../helpers/server.js';

const KNOWN = 'query Known { __typename }';
const OTHER = 'query Other { __typename }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const named = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

let folder: string;
let manifest: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'curio-persisted-'));
  manifest = path.join(folder, 'manifest.json');
  const operations = [{ id: 'known-1', name: 'Known', type: 'query', body: KNOWN }];
  await writeFile(manifest, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a server with a manifest', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: { CURIO_PERSISTED_OPERATIONS: manifest } });
  });
  afterAll(() => server.close());

  it('knows its operations by id and by hash, and others by their text', async () => {
    for (const key of ['known-1', hash(KNOWN)]) {
      const { data } = await post(server.url, JSON.stringify({ extensions: named(key) }));
      expect(data).toEqual({ __typename: 'Query' });
    }
    expect((await post(server.url, JSON.stringify({ query: OTHER }))).data).toEqual({ __typename: 'Query' });
  });

  it('answers a hash by GET', async () => {
    const extensions = encodeURIComponent(JSON.stringify(named(hash(KNOWN))));
    const headers = { 'apollo-require-preflight': '1' };
    const { data } = await read(await fetch(`${server.url}/graphql?extensions=${extensions}`, { headers }));
    expect(data).toEqual({ __typename: 'Query' });
  });
});

describe('a server that is locked to its manifest', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ env: { CURIO_PERSISTED_OPERATIONS: manifest, CURIO_PERSISTED_ONLY: 'true' } });
  });
  afterAll(() => server.close());

  it('serves what is registered, by id, hash or text', async () => {
    for (const body of [{ extensions: named('known-1') }, { extensions: named(hash(KNOWN)) }, { query: KNOWN }]) {
      expect((await post(server.url, JSON.stringify(body))).data).toEqual({ __typename: 'Query' });
    }
  });

  it('refuses everything else, and lets nobody register', async () => {
    const answers = [
      await post(server.url, JSON.stringify({ query: OTHER })),
      await post(server.url, JSON.stringify({ query: OTHER, extensions: named(hash(OTHER)) })),
      await post(server.url, JSON.stringify({ query: `${KNOWN} ` })),
      await read(
        await fetch(`${server.url}/graphql?query=${encodeURIComponent(OTHER)}`, {
          headers: { 'apollo-require-preflight': '1' },
        }),
      ),
    ];
    expect(answers.map(({ status, errors }) => [status, errors?.[0]?.extensions.code])).toEqual(
      answers.map(() => [400, 'BAD_USER_INPUT']),
    );
    const unknown = await post(server.url, JSON.stringify({ extensions: named(hash(OTHER)) }));
    expect(unknown.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('is locked over WebSocket too', async () => {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${await server.token('user-1')}` },
      retryAttempts: 0,
    });
    const ask = (query: string) =>
      new Promise((resolve) => {
        client.subscribe({ query }, { next: resolve, error: resolve, complete: () => {} });
      });
    expect(await ask(KNOWN)).toEqual({ data: { __typename: 'Query' } });
    expect(await ask(OTHER)).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    await client.dispose();
  });
});

it('refuses a file that is no manifest, by name', async () => {
  const wrong = path.join(folder, 'wrong.json');
  await writeFile(wrong, '{"operations":{}}');
  expect(() => openPersisted({ manifest: wrong, only: false })).toThrow(wrong);
  expect(() => openPersisted({ manifest: path.join(folder, 'none'), only: true })).toThrow(
    'CURIO_PERSISTED_OPERATIONS',
  );
});
