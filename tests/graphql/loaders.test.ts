import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../helpers/server.js';

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await startServer();
  token = await server.token('user-1');
});
afterAll(() => server.close());

async function callsOf(query: string): Promise<string[]> {
  server.calls.length = 0;
  const { errors } = await server.gql(query, {}, token);
  expect(errors).toBeUndefined();
  return server.calls.map(({ read, ids }) => {
    expect(new Set(ids).size, `${read} is asked once for each id`).toBe(ids.length);
    return read;
  });
}

function tally(calls: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1;
  return counts;
}

describe('loaders', () => {
  it('read a page of 20 with authors and similar items in one call per entity type and level', async () => {
    const calls = await callsOf(`{
      recommendations(first: 20) {
        recommendations { item { title stats { likes } author { name lastActiveAt } similar(first: 3) { item { title author { name } stats { views } } } } }
      }
    }`);
    // The list; its authors, counts and neighbours; the authors and counts of the neighbours.
    expect(tally(calls)).toEqual({ items: 2, users: 2, itemStats: 2, lastActive: 1, similarItems: 1 });
  });

  it('read a page of 20 people in one call per entity type, and who asks for them in the same', async () => {
    const calls = await callsOf(`{
      viewer { name }
      recommendedUsers(first: 20) { recommendations { user { name lastActiveAt } matchScore } }
      similarUsers(userId: "user-1", first: 20) { user { name lastActiveAt } }
    }`);
    expect(tally(calls)).toEqual({ users: 1, lastActive: 1 });
  });

  it('put aliases of one field into one call', async () => {
    const calls = await callsOf(
      '{ a: item(id: "lens-1") { id } b: item(id: "lens-2") { id } c: item(id: "lens-1") { id } }',
    );
    expect(calls).toEqual(['items']);
  });

  it('group similar items by `first`', async () => {
    const calls = await callsOf(`{ items(ids: ["lens-1", "lens-2", "lens-3"]) {
      near: similar(first: 2) { score } far: similar(first: 5) { score } again: similar(first: 2) { reason }
    } }`);
    expect(calls.filter((read) => read === 'similarItems')).toHaveLength(2);
  });
});
