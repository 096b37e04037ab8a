import type { AddressInfo } from 'node:net';
import { Kind, OperationTypeNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { readConfig } from '../../src/config/config.js';
import { systemClock } from '../../src/domain/clock.js';
import { readExamples } from '../../src/graphql/examples.js';
import { loadSample } from '../../src/sample/load.js';
import { signToken } from '../../src/server/auth/token.js';
import { openStores } from '../../src/stores.js';
import { createLog } from '../../src/telemetry/log.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { createDataDir } from '../helpers/embedded.js';
import { post, read } from '../helpers/server.js';

const SECRET = 'a-secret-of-at-least-thirty-two-characters';

/** Every operation of the playground, in the order in which it is shown, on the sample world as it is loaded first. */
describe('the examples', () => {
  const endings: (() => Promise<void>)[] = [];
  let url: string;
  let headers: Record<string, string>;

  beforeAll(async () => {
    const { dataDir, remove } = await createDataDir();
    endings.push(remove);
    const config = readConfig({
      NODE_ENV: 'test',
      CURIO_DATA_DIR: dataDir,
      CURIO_JWT_SECRET: SECRET,
      CURIO_DEADLINE_MS: '60000',
    });
    const log = createLog({ level: 'silent', pretty: false });
    const deps = { config, clock: systemClock, log, metrics: createMetrics() };
    const stores = await openStores(deps);
    const size = { users: 40, items: 60, seed: 1 };
    const progress = { update() {}, done() {}, failed() {} };
    await loadSample({ stores: stores.postgres, tenant: 'default', ...size, clock: systemClock, progress });
    const app = await buildApp(deps, stores);
    endings.push(() => app.close());
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const address: AddressInfo | string | null = app.server.server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
    url = `http://127.0.0.1:${address.port}`;
    const token = await signToken({
      secret: SECRET,
      userId: 'user-1',
      role: 'admin',
      tenant: 'default',
      expiresIn: '1h',
    });
    headers = { authorization: `Bearer ${token}` };
  });
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });

  const operations = readExamples().flatMap(({ name: file, query }) =>
    parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? [{ file, name: definition.name?.value ?? '', kind: definition.operation, query }]
        : [],
    ),
  );

  it('have names of their own', () => {
    expect(operations[0]).toMatchObject({ name: 'Home' });
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
  });

  it.each(operations.filter(({ kind }) => kind !== OperationTypeNode.SUBSCRIPTION))(
    '$file: $name answers, with nothing missing',
    async ({ name, query }) => {
      const { data, errors } = await post(url, JSON.stringify({ query, operationName: name }), headers);
      expect(errors).toBeUndefined();
      for (const [field, value] of Object.entries(data ?? {})) expect(value, field).not.toBeNull();
    },
  );

  it.each(operations.filter(({ kind }) => kind === OperationTypeNode.SUBSCRIPTION))(
    '$file: $name tells how things are at once',
    async ({ name, query }) => {
      const ended = new AbortController();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query, operationName: name }),
        signal: ended.signal,
      });
      let told = '';
      const decoder = new TextDecoder();
      for await (const part of response.body ?? []) {
        told += decoder.decode(part, { stream: true });
        const line = /^data: (\{.*\})$/m.exec(told)?.[1];
        if (line === undefined) continue;
        const { errors } = await read(new Response(line));
        expect(errors).toBeUndefined();
        break;
      }
      expect(told).toContain('event: next');
      ended.abort();
    },
  );

  it('show a page with something in each section', async () => {
    const query = readExamples()[0]?.query;
    const { data } = await post(url, JSON.stringify({ query }), headers);
    expect(data?.viewer.id).toBe('user-1');
    expect(data?.recommendations.recommendations).toHaveLength(10);
    expect(data?.recommendedUsers.recommendations).toHaveLength(5);
    expect(data?.trending.length).toBeGreaterThan(0);
    expect(data?.feed.edges.length).toBeGreaterThan(0);
  });
});
