import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly description: string | null;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly attributes: object | null;
}
interface List {
  readonly recommendations: {
    readonly algorithmVersion: string;
    readonly cached: boolean;
    readonly degraded: string;
    readonly totalCount: number;
    readonly recommendations: readonly { readonly source: string; readonly item: Entry }[];
  };
}

const ITEM = 'id kind title description category tags attributes';
const LIST = `query ($userId: ID!, $filter: ItemFilter) {
  recommendations(userId: $userId, first: 50, filter: $filter, diversity: 0) {
    algorithmVersion degraded cached totalCount recommendations { source item { ${ITEM} } }
  }
}`;
const SIMILAR = `query ($id: ID!) { similarItems(itemId: $id, first: 30) { item { id } } }`;
const SEARCH = `query ($query: String!) { search(query: $query, first: 20) { totalCount edges { node { id } } } }`;
const UPSERT = 'mutation ($items: [ItemInput!]!) { upsertItems(items: $items) { created updated } }';
const ERASE = 'mutation ($id: ID!) { eraseUser(id: $id) }';
const HIDE = 'mutation ($id: ID!) { hideItem(id: $id) { id } }';

const KEY = 'a key to read metrics with';
const USER = 'user-2';

describe.each(environments())('items that come while $name serves', ({ name, open }) => {
  const isEmbedded = name === 'embedded';
  let curio: Curio;
  /** The same one twice where there can be no other. */
  let here: RunningServer;
  let there: RunningServer;
  let leave: () => Promise<void>;
  const serve = async () => {
    here = await curio.serve();
    there = isEmbedded ? here : await curio.serve();
  };
  const stop = async () => {
    for (const node of new Set([here, there])) expect(await node.end('SIGTERM')).toBe(0);
  };

  beforeAll(async () => {
    const environment = await open();
    leave = environment.dispose;
    // What is found is not found by chance.
    curio = await openCurio({ ...environment.env, CURIO_EXPLORATION: '0', CURIO_METRICS_KEY: KEY });
    await curio.run('migrate');
    await curio.run('sample', '--users', '80', '--items', '150', '--seed', '3');
    await curio.run('train');
    await serve();
  });
  afterAll(async () => {
    await curio.dispose();
    await leave();
  });

  const listOn = async (node: RunningServer, filter: object | null = null) => {
    const { data, errors } = await node.graphql<List>(LIST, { userId: USER, filter });
    expect(errors).toBeUndefined();
    return data.recommendations;
  };
  /** What the model ranks: what is popular, by the counts of the store, is no candidate. */
  const idsOn = async (node: RunningServer, filter: object | null = null) => {
    const { degraded, recommendations } = await listOn(node, filter);
    return degraded === 'POPULAR' ? [] : recommendations.map(({ item }) => item.id);
  };
  const similarOn = async (node: RunningServer, id: string) => {
    const { data } = await node.graphql<{ similarItems: { item: { id: string } }[] }>(SIMILAR, { id });
    return data.similarItems.map(({ item }) => item.id);
  };
  const searchOn = async (node: RunningServer, query: string) => {
    const { data } = await node.graphql<{ search: { edges: { node: { id: string } }[] } }>(SEARCH, { query });
    return data.search.edges.map(({ node: item }) => item.id);
  };
  const write = async (mutation: string, variables: object) => {
    expect((await here.graphql(mutation, variables)).errors).toBeUndefined();
  };
  const takenRows = async (node: RunningServer) => {
    const text = await (await fetch(`${node.url}/v1/metrics`, { headers: { authorization: `Bearer ${KEY}` } })).text();
    return Number(/^curio_live_items\{.*state="used".*\} (\d+)$/m.exec(text)?.[1]);
  };

  it('proposes them within a second, takes hidden ones out at once, finds both again, and learns them', async () => {
    const [best] = (await listOn(here)).recommendations;
    if (best === undefined) throw new Error('there is no list');
    const { item: like } = best;
    // Kept, on both.
    for (const node of [here, there]) expect((await listOn(node)).cached).toBe(true);

    // Like what the person likes best, and its like.
    await write(UPSERT, { items: [{ ...like, id: 'live-1', title: `${like.title} again`, authorId: 'live-author' }] });
    for (const node of [here, there]) {
      const sourceOf = async () =>
        (await listOn(node)).recommendations.find(({ item }) => item.id === 'live-1')?.source ?? 'not there';
      await expect.poll(sourceOf).toMatch(/^(content|collaborative|tags)$/);
      expect(await similarOn(node, like.id)).toContain('live-1');
      expect(await similarOn(node, 'live-1')).toContain(like.id);
    }
    expect(await takenRows(there)).toBe(1);

    // An old one says something else: a filter finds it by what it says.
    const filter = { category: ['never heard of'] };
    expect(await idsOn(there, filter)).toEqual([]);
    await write(UPSERT, { items: [{ ...like, category: 'never heard of' }] });
    for (const node of [here, there]) await expect.poll(() => idsOn(node, filter)).toEqual([like.id]);

    // By their author, until that one is forgotten.
    const byAuthor = { authorId: ['live-author'] };
    expect(await idsOn(there, byAuthor)).toEqual(['live-1']);
    await write(ERASE, { id: 'live-author' });
    expect(await idsOn(here, byAuthor)).toEqual([]);
    await expect.poll(() => idsOn(there, byAuthor)).toEqual([]);

    // Hidden: out of the very next answer, though it is in lists that are kept. Few share its tags: what was shown often
    // and falls for it stays in such a list.
    const alike = { tagsAny: like.tags };
    await expect.poll(async () => (await listOn(here, alike)).cached).toBe(true);
    const before = await listOn(here, alike);
    expect(before.recommendations.map(({ item }) => item.id)).toContain('live-1');
    await write(HIDE, { id: 'live-1' });
    expect(await idsOn(here, alike)).not.toContain('live-1');
    expect(await similarOn(here, like.id)).not.toContain('live-1');
    for (const node of [here, there]) {
      await expect.poll(() => idsOn(node, alike)).not.toContain('live-1');
      await expect.poll(() => similarOn(node, like.id)).not.toContain('live-1');
      await expect.poll(() => searchOn(node, `${like.title} again`)).not.toContain('live-1');
      await expect.poll(async () => (await listOn(node, alike)).totalCount).toBe(before.totalCount - 1);
    }

    // After a restart what is new is there, and what is hidden is not.
    await write(UPSERT, { items: [{ ...like, id: 'live-2', tags: [...like.tags, 'only live-2'] }] });
    await stop();
    await serve();
    for (const node of [here, there]) {
      await expect.poll(() => idsOn(node, alike)).toContain('live-2');
      expect(await idsOn(node, filter)).toContain(like.id);
      expect(await idsOn(node, alike)).not.toContain('live-1');
    }

    // The next version knows it, and nothing is left beside it.
    const { algorithmVersion } = await listOn(here);
    if (isEmbedded) await stop();
    await curio.run('train');
    if (isEmbedded) await serve();
    for (const node of [here, there]) {
      await expect.poll(async () => (await listOn(node)).algorithmVersion).not.toBe(algorithmVersion);
      expect(await idsOn(node, { tagsAny: ['only live-2'] })).toEqual(['live-2']);
      await expect.poll(() => takenRows(node)).toBe(0);
    }
  });
});
