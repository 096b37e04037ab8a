import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CatalogueIndex, createCatalogueIndex } from '../../src/engine/search/catalogueIndex.js';
import { contentEncoder } from '../../src/engine/search/encoder.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { CONTENT_DEFAULTS, trainContent } from '../../src/learning/trainers/content.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { lens } from '../helpers/lenses.js';

/** Vixens and foxes keep the same company; cars keep another. No item has both "vixen" and "fox". */
const WOODS = ['den', 'burrow', 'cubs', 'hedge', 'dusk'];
const ROADS = ['wheels', 'engine', 'garage', 'race', 'fuel'];
const CATALOGUE = Array.from({ length: 60 }, (_, at) => {
  const company = at % 3 === 2 ? ROADS : WOODS;
  const subject = ['Fox', 'Vixen', 'Car'][at % 3];
  const words = [company[at % 5], company[(at + 1 + Math.floor(at / 15)) % 5], company[(at + 3) % 5]].join(' ');
  return lens(`lens-${at}`, { title: `${subject} ${at}`, description: words });
});

let pool: KernelPool;
let index: CatalogueIndex;
beforeAll(async () => {
  pool = openPool({ threads: 1 });
  const content = await trainContent({
    catalogue: CATALOGUE,
    parameters: { ...CONTENT_DEFAULTS, dimensions: 2 },
    seed: 1,
    pool,
  });
  if (content === null) throw new Error('these items share words');
  index = createCatalogueIndex({
    encoder: contentEncoder('v1', { ...content, toCollaborative: null, toSpectral: null }),
    createIndex: createExactIndex,
    language: 'en',
    popularityOf: () => 0,
    name: 'test',
    onFailure: (error) => {
      throw error;
    },
  });
  await index.put(CATALOGUE);
});
afterAll(async () => {
  index.dispose();
  await pool.dispose();
});

const titles = async (query: string) => {
  const { items } = await index.search({ query, filter: null, exclusions: [] });
  return items.map(({ id }) => CATALOGUE.find((item) => item.id === id)?.title.split(' ')[0]);
};

it('finds what keeps the same company as the query and shares no word with it', async () => {
  const found = await titles('vixen');
  expect(found.slice(0, 20)).toEqual(Array(20).fill('Vixen'));
  expect(found.filter((title) => title === 'Fox')).toHaveLength(20);
  expect(found).not.toContain('Car');
});

it('finds an item that came after the model by what it means', async () => {
  await index.put([lens('new', { title: 'Reynard', description: 'cubs in a burrow at dusk' })]);
  const { items } = await index.search({ query: 'vixen', filter: null, exclusions: [] });
  expect(items.map(({ id }) => id)).toContain('new');
  index.remove('new');
});
