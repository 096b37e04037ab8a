import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let admin: string;
beforeAll(async () => {
  server = await startServer();
  admin = await server.token(null, 'admin');
});
afterAll(() => server.close());

const UPSERT = `mutation ($rule: RuleInput!) {
  upsertRule(rule: $rule) {
    id kind target { ids kind category tagsAny tagsAll authorId } surfaces weight position priority startsAt endsAt active
  }
}`;
const NOTHING = { ids: [], kind: [], category: [], tagsAny: [], tagsAll: [], authorId: [] };

describe('rules', () => {
  it('arrive whole and come back', async () => {
    const rule = {
      id: 'sale',
      kind: 'BOOST',
      target: { ...NOTHING, category: ['face'], tagsAny: ['a', 'b'], authorId: ['ann'] },
      surfaces: ['home'],
      weight: 1.5,
      position: null,
      priority: 3,
      startsAt: '2026-11-20T00:00:00.000Z',
      endsAt: '2026-12-24T00:00:00.000Z',
    };
    const { data } = await server.gql(UPSERT, { rule }, admin);
    expect(data).toEqual({ upsertRule: { ...rule, active: true } });
    expect(server.received.rules.at(-1)).toEqual({
      ...rule,
      startsAt: new Date(rule.startsAt),
      endsAt: new Date(rule.endsAt),
    });
    const listed = await server.gql('{ rules { id priority } }', {}, await server.token(null, 'service'));
    expect(listed.data).toEqual({ rules: [{ id: 'sale', priority: 3 }] });
    expect((await server.gql('mutation { deleteRule(id: "sale") }', {}, admin)).data).toEqual({ deleteRule: true });
    expect((await server.gql('mutation { deleteRule(id: "other") }', {}, admin)).data).toEqual({ deleteRule: false });
  });

  it('may leave out what does not matter, or say null', async () => {
    const bare = { kind: 'EXCLUDE', target: { ids: ['lens-1'] } };
    const nulls = {
      id: null,
      surfaces: null,
      weight: null,
      position: null,
      priority: null,
      startsAt: null,
      endsAt: null,
    };
    for (const rule of [bare, { ...bare, ...nulls, target: { ids: ['lens-1'], kind: null, tagsAny: null } }]) {
      await server.gql(UPSERT, { rule }, admin);
      expect(server.received.rules.at(-1)).toEqual({
        ...nulls,
        kind: 'EXCLUDE',
        target: { ...NOTHING, ids: ['lens-1'] },
        surfaces: [],
        priority: 0,
      });
    }
  });

  it.each([
    ['an id that is none', { id: '', kind: 'EXCLUDE', target: { ids: ['a'] } }],
    ['no kind', { target: { ids: ['a'] } }],
    ['a kind that is none', { kind: 'PRAISE', target: { ids: ['a'] } }],
    ['no target', { kind: 'EXCLUDE' }],
    ['a member that is none', { kind: 'EXCLUDE', target: { ids: ['a'] }, color: 'red' }],
    ['a weight that is no number', { kind: 'BOOST', target: { ids: ['a'] }, weight: 'two' }],
  ])('with %s are refused', async (_what, rule) => {
    const before = server.received.rules.length;
    const { errors } = await server.gql(UPSERT, { rule }, admin);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(server.received.rules).toHaveLength(before);
  });
});
