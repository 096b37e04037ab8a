import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Curio, openCurio, type RunningServer } from '../helpers/curio.js';
import { environments } from '../helpers/environments.js';

const films = path.resolve(import.meta.dirname, '../../../shared/data/ml-latest-small');
const present = existsSync(path.join(films, 'ratings.csv'));
if (!present) console.warn(`Skipped: the film tests need MovieLens latest-small in ${films}.`);

interface Film {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
}
interface List {
  readonly recommendations: {
    readonly algorithmVersion: string;
    readonly degraded: string;
    readonly recommendations: readonly { readonly score: number; readonly item: Film }[];
  };
}

const LIST = `query ($userId: ID!, $first: Int!) {
  recommendations(userId: $userId, first: $first, diversity: 0) {
    algorithmVersion degraded recommendations { score item { id title tags } }
  }
}`;
const RATE = 'mutation ($input: FeedbackInput!) { sendFeedback(input: $input) { duplicate } }';

const share = (list: readonly { readonly item: Film }[], tag: string) =>
  list.filter(({ item }) => item.tags.includes(tag)).length / list.length;

/** What user 1 was shown before any feedback, on the first environment that asked. */
let everywhere: readonly { readonly score: number; readonly item: Film }[] | null = null;

describe.skipIf(!present).each(environments())('films on $name', ({ open }) => {
  let curio: Curio;
  let server: RunningServer;
  let dispose: () => Promise<void>;

  beforeAll(async () => {
    const environment = await open();
    dispose = environment.dispose;
    // Nothing left to chance, so that lists can be compared.
    curio = await openCurio({ ...environment.env, CURIO_EXPLORATION: '0' });
    await curio.run('migrate');
    await curio.run('import', 'movielens', films);
    await curio.run('train');
    server = await curio.serve();
  });

  afterAll(async () => {
    expect(await server.end('SIGTERM')).toBe(0);
    await curio.dispose();
    await dispose();
  });

  const recommend = async (userId: string, first: number) =>
    (await server.graphql<List>(LIST, { userId, first })).data.recommendations;

  it('user 1 gets films near their taste', async () => {
    const { recommendations, degraded } = await recommend('1', 20);
    expect(degraded).toBe('NONE');
    expect(recommendations).toHaveLength(20);
    // They rated 232 films; action, adventure and comedy lead among them.
    const near = recommendations.filter(({ item }) =>
      ['action', 'adventure', 'comedy'].some((tag) => item.tags.includes(tag)),
    );
    expect(near.length).toBeGreaterThanOrEqual(12);
  });

  it('the same events and seed give the same list on every backend', async () => {
    const { recommendations } = await recommend('1', 100);
    everywhere ??= recommendations;
    expect(recommendations).toEqual(everywhere);
  });

  it('similar to Toy Story is animation for children', async () => {
    const { data } = await server.graphql<{ similarItems: readonly { readonly item: Film }[] }>(
      '{ similarItems(itemId: "1", first: 10) { score item { id title tags } } }',
    );
    expect(data.similarItems).toHaveLength(10);
    expect(share(data.similarItems, 'children')).toBeGreaterThanOrEqual(0.7);
    expect(share(data.similarItems, 'animation')).toBeGreaterThanOrEqual(0.7);
  });

  it('rating three horror films moves horror up in the next answer', async () => {
    const before = share((await recommend('1', 20)).recommendations, 'horror');
    for (const itemId of ['1997', '1347', '1974']) {
      const { errors } = await server.graphql(RATE, {
        input: { userId: '1', target: { itemId }, action: 'RATE', value: 5 },
      });
      expect(errors).toBeUndefined();
    }
    expect(share((await recommend('1', 20)).recommendations, 'horror')).toBeGreaterThan(before);
  });

  it('a stranger gets a good list', async () => {
    const { recommendations, degraded } = await recommend('nobody-has-heard-of-me', 10);
    expect(recommendations).toHaveLength(10);
    expect(degraded).toBe('NONE');
  });
});
