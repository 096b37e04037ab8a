import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = await server.token('ann', 'user');
});
afterAll(() => server.close());

const SEARCH = `query ($query: String!, $first: Int, $after: String, $filter: ItemFilter, $personalize: Boolean) {
  search(query: $query, first: $first, after: $after, filter: $filter, personalize: $personalize) {
    edges { cursor score highlights node { id title author { id } } }
    pageInfo { hasNextPage endCursor }
    totalCount degraded didYouMean
    facets { kind { value count } category { value count } tags { value count } }
  }
}`;

describe('search', () => {
  it('arrives whole and comes back', async () => {
    const filter = { kind: ['lens'], tagsAny: ['cute'], minPopularity: 3, createdAfter: '2026-01-01T00:00:00.000Z' };
    const { data, errors } = await server.gql(SEARCH, { query: ' Fox ', first: 2, after: 'abc', filter }, token);
    expect(errors).toBeUndefined();
    expect(server.received.search.at(-1)).toMatchObject({
      userId: 'ann',
      query: ' Fox ',
      first: 2,
      after: 'abc',
      filter: { ...filter, createdAfter: new Date(filter.createdAfter), category: null },
    });
    expect(data).toMatchObject({
      search: {
        edges: [{ cursor: 'c0', score: 1, highlights: ['<mark>Fox</mark>'], node: { id: 'lens-0' } }, { cursor: 'c1' }],
        pageInfo: { hasNextPage: true, endCursor: 'c1' },
        totalCount: 100,
        degraded: 'LEXICAL',
        didYouMean: null,
        facets: { kind: [{ value: 'lens', count: 100 }], category: [], tags: [] },
      },
    });
  });

  it('is for the person of the token, unless that is not wanted or there is none', async () => {
    const asked = async (variables: object, caller: string) => {
      await server.gql(SEARCH, { query: 'fox', ...variables }, caller);
      return server.received.search.at(-1)?.userId;
    };
    expect(await asked({}, token)).toBe('ann');
    expect(await asked({ personalize: null }, token)).toBe('ann');
    expect(await asked({ personalize: false }, token)).toBeNull();
    expect(await asked({}, await server.token(null, 'service'))).toBeNull();
  });

  it.each([
    ['no query', { query: '' }, 'query'],
    ['a blank query', { query: '   ' }, 'query'],
    ['a query too long', { query: 'a'.repeat(257) }, 'query'],
    ['a control character', { query: 'a\u0000b' }, 'query'],
    ['half a pair', { query: 'a\ud800' }, 'query'],
    ['none at all', { query: 'a', first: 0 }, 'first'],
    ['too many', { query: 'a', first: 101 }, 'first'],
    ['an endless cursor', { query: 'a', after: 'a'.repeat(300) }, 'after'],
    ['a popularity below nothing', { query: 'a', filter: { minPopularity: -1 } }, 'filter.minPopularity'],
  ])('with %s is refused, and the field named', async (_what, variables, field) => {
    const before = server.received.search.length;
    const { errors } = await server.gql(SEARCH, variables, token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(server.received.search).toHaveLength(before);
  });

  it('reads what it lists at once', async () => {
    server.calls.length = 0;
    await server.gql(SEARCH, { query: 'fox', first: 20 }, token);
    expect(server.calls.map(({ read }) => read)).toEqual(['items', 'users']);
  });

  it('needs a caller', async () => {
    const { errors } = await server.gql(SEARCH, { query: 'fox' });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('suggest', () => {
  it('answers texts', async () => {
    const { data } = await server.gql('{ suggest(prefix: "fo", first: 2) }', {}, token);
    expect(data).toEqual({ suggest: ['fo0', 'fo1'] });
  });

  it.each(['first: 0', 'first: 21'])('refuses %s', async (first) => {
    const { errors } = await server.gql(`{ suggest(prefix: "fo", ${first}) }`, {}, token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'first' });
  });
});
