import { getOperationAST, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxAgeOf } from '../../src/graphql/cacheHints.js';
import { buildSchema } from '../../src/graphql/schema.js';
import { startServer, type TestServer } from '../helpers/server.js';

const schema = buildSchema();

describe('hints', () => {
  it.each([
    ['{ item(id: "a") { id title } }', 30],
    ['{ item(id: "a") { ...F } } fragment F on Item { stats { views } }', 10],
    ['{ item(id: "a") { similar { item { title } score } } }', 30],
    ['{ item(id: "a") { title } viewer { name } }', 0],
    ['{ item(id: "a") { author { name } } }', 0],
    ['{ recommendations { requestId } }', 0],
    ['{ __typename }', 0],
    ['{ item(id: "a") { __typename } }', 30],
    ['{ item(id: "a") { id } __schema { description } }', 0],
    ['mutation { hideItem(id: "a") { id } }', 0],
  ])('%s may be kept for %i s', (query, seconds) => {
    const document = parse(query);
    const operation = getOperationAST(document);
    expect(operation && maxAgeOf(schema, document, operation)).toBe(seconds);
  });
});

describe('answers', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it('say for how long they may be kept, and errors never', async () => {
    const token = await server.token('user-1');
    const of = async (query: string) => (await server.gql(query, {}, token)).headers.get('cache-control');
    expect(await of('{ item(id: "lens-1") { title } }')).toBe('max-age=30, private');
    expect(await of('{ recommendations { requestId } }')).toBe('no-store');
    expect(await of('{ item(id: "") { title } }')).toBe('no-store');
    expect(await of('{ nothing }')).toBe('no-store');
  });
});
