import { Kind, OperationTypeNode, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExamples } from '../../src/graphql/examples.js';
import { openSampleApp, type SampleApp } from '../helpers/sampleApp.js';
import { post, read } from '../helpers/server.js';

/** Every operation of the playground, in the order in which it is shown, on the sample world as it is loaded first. */
describe('the examples', () => {
  let opened: SampleApp;
  let url: string;
  let headers: Record<string, string>;
  beforeAll(async () => {
    opened = await openSampleApp({ users: 40, items: 60, seed: 1 });
    url = opened.url;
    headers = { authorization: `Bearer ${await opened.token('admin', 'user-1')}` };
  });
  afterAll(async () => {
    await opened.app.close();
    await opened.remove();
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
