import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/graphql/schema.js';
import { startServer, type TestServer } from '../helpers/server.js';

const ENTITIES = `query($r: [_Any!]!) {
  _entities(representations: $r) { __typename ... on User { id name } ... on Item { id title stats { views } } }
}`;

describe('as a subgraph', () => {
  let server: TestServer;
  let token: string;
  beforeAll(async () => {
    server = await startServer({ env: { CURIO_FEDERATION: 'true' } });
    token = await server.token('user-1');
  });
  afterAll(() => server.close());

  it('says what it is, with its keys', async () => {
    const { data } = await server.gql('{ _service { sdl } }', {}, token);
    expect(data?._service.sdl).toContain('https://specs.apollo.dev/federation/v2.3');
    expect(data?._service.sdl).toMatch(/type User\b[^{]*@key\(fields: "id"\)/);
    expect(data?._service.sdl).toMatch(/type Item\b[^{]*@key\(fields: "id"\)/);
  });

  it('looks entities up in their order, in one read a type, null where there is none', async () => {
    server.calls.length = 0;
    const r = [
      { __typename: 'Item', id: 'lens-3' },
      { __typename: 'User', id: 'user-2' },
      { __typename: 'Item', id: 'nothing' },
      { __typename: 'User', id: 'user-3' },
      { __typename: 'Item', id: 'lens-4' },
    ];
    const { data, errors } = await server.gql(ENTITIES, { r }, token);
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual([
      { __typename: 'Item', id: 'lens-3', title: 'Lens 3', stats: { views: 3 } },
      { __typename: 'User', id: 'user-2', name: 'User 2' },
      null,
      { __typename: 'User', id: 'user-3', name: 'User 3' },
      { __typename: 'Item', id: 'lens-4', title: 'Lens 4', stats: { views: 4 } },
    ]);
    expect(server.calls.map(({ read }) => read).sort()).toEqual(['itemStats', 'items', 'users']);
  });

  it.each([
    ['a type that has no key', { __typename: 'Recommendation', id: 'x' }],
    ['no type', { id: 'x' }],
    ['no id', { __typename: 'User' }],
    ['an id that is none', { __typename: 'User', id: '' }],
    ['text', 'User'],
  ])('refuses %s', async (_name, reference) => {
    const { errors } = await server.gql(ENTITIES, { r: [{ __typename: 'User', id: 'user-1' }, reference] }, token);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('representations[1]');
  });

  it('wants to know who asks', async () => {
    const { errors } = await server.gql(ENTITIES, { r: [{ __typename: 'User', id: 'user-1' }] });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('charges for each reference', async () => {
    const r = Array.from({ length: 20_001 }, () => ({ __typename: 'User', id: 'a' }));
    const { errors } = await server.gql(ENTITIES, { r }, token);
    expect(errors?.[0]?.message).toMatch(/^The operation costs/);
  });

  it('goes on to want one member of a @oneOf', async () => {
    const send =
      'mutation($target: FeedbackTarget!) { sendFeedback(input: { target: $target, action: LIKE }) { eventId } }';
    const { errors } = await server.gql(send, { target: { itemId: 'lens-1', userId: 'user-2' } }, token);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await server.gql(send, { target: { itemId: 'lens-1' } }, token)).errors).toBeUndefined();
  });

  it('answers everything else as before', async () => {
    const { data } = await server.gql(
      '{ item(id: "lens-1") { title author { name } createdAt attributes } }',
      {},
      token,
    );
    expect(data?.item).toMatchObject({ title: 'Lens 1', author: { name: 'User 1' }, attributes: { faces: 1 } });
  });
});

it('is no subgraph unless it is told to be', () => {
  expect(Object.keys(buildSchema().getQueryType()?.getFields() ?? {})).not.toContain('_entities');
});
