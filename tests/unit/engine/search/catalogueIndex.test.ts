import { describe, expect, it } from 'vitest';
import type { ItemFilter } from '../../../../src/domain/itemFilter.js';
import { type CatalogueIndex, createCatalogueIndex } from '../../../../src/engine/search/catalogueIndex.js';
import type { Encoder } from '../../../../src/engine/search/encoder.js';
import { createExactIndex } from '../../../../src/store/vector/exact.js';
import { lens } from '../../../helpers/lenses.js';
import { NO_FILTER } from '../../../helpers/services.js';

const failures: unknown[] = [];
const make = (encoder: Encoder | null = null, popularityOf = (_id: string) => 0): CatalogueIndex =>
  createCatalogueIndex({
    encoder,
    createIndex: createExactIndex,
    language: 'en',
    popularityOf,
    name: 'test',
    onFailure: (error) => failures.push(error),
  });
const ids = async (index: CatalogueIndex, query: string, filter: Partial<ItemFilter> = {}) => {
  const found = await index.search({ query, filter: { ...NO_FILTER, ...filter }, exclusions: [] });
  return found.items.map(({ id }) => id);
};

const LENSES = [
  lens('fox', { title: 'Fox Ears', category: 'animals', tags: ['Cute', 'ears'], authorId: 'ann' }),
  lens('owl', { title: 'Night Owl', category: 'animals', tags: ['wild'], description: 'Eyes of an owl.' }),
  lens('sun', { title: 'Golden Hour', category: 'beauty', tags: ['warm'], kind: 'filter', createdAt: new Date(5) }),
];

describe('the index of a catalogue', () => {
  it('finds by title, tag, category and description', async () => {
    const index = make();
    await index.put(LENSES);
    expect(await ids(index, 'fox ears')).toEqual(['fox']);
    expect(await ids(index, 'warm')).toEqual(['sun']);
    expect((await ids(index, 'animal')).sort()).toEqual(['fox', 'owl']);
    expect(await ids(index, 'eye')).toEqual(['owl']);
  });

  it('puts first what is called so, before what speaks of it more often', async () => {
    const index = make();
    const talk = lens('talk', { title: 'Fox', tags: ['fox', 'ears'], description: 'Fox ears, fox ears' });
    await index.put([talk, lens('fox', { title: 'Fox Ears' }), lens('long', { title: 'Fox Ears for all of us' })]);
    expect((await ids(index, 'FOX ears'))[0]).toBe('fox');
    expect((await ids(index, 'fxo eras'))[0]).toBe('fox');
    index.remove('fox');
    expect(await ids(index, 'fox ears')).not.toContain('fox');
  });

  it('forgets what an item was, and what was removed or hidden', async () => {
    const index = make();
    await index.put(LENSES);
    await index.put([lens('fox', { title: 'Badger' })]);
    expect(await ids(index, 'fox')).toEqual([]);
    expect(await ids(index, 'badger')).toEqual(['fox']);
    await index.put([lens('owl', { title: 'Night Owl', hiddenAt: new Date(1) })]);
    expect(await ids(index, 'owl')).toEqual([]);
    index.remove('sun');
    expect(await ids(index, 'golden')).toEqual([]);
    expect(index.size).toBe(1);
  });

  it('keeps its revision while nothing changes', async () => {
    const index = make();
    await index.put(LENSES);
    const { revision } = index;
    await index.put(LENSES);
    index.remove('nobody');
    expect(index.revision).toBe(revision);
    await index.put([lens('new')]);
    expect(index.revision).not.toBe(revision);
  });

  it('removes what it did not meet again', async () => {
    const index = make();
    await index.put(LENSES);
    index.expect();
    await index.put(LENSES.slice(1));
    index.removeUnmet();
    expect(await ids(index, 'fox owl golden')).not.toContain('fox');
    expect(index.size).toBe(2);
  });

  it.each<[string, Partial<ItemFilter>, string[]]>([
    ['kind', { kind: ['filter'] }, ['sun']],
    ['category', { category: ['animals', 'none'] }, ['fox', 'owl']],
    ['tagsAny', { tagsAny: ['CUTE', 'warm'] }, ['fox', 'sun']],
    ['tagsAll', { tagsAll: ['cute', 'ears'] }, ['fox']],
    ['tagsAll of which one is unknown', { tagsAll: ['cute', 'none'] }, []],
    ['authorId', { authorId: ['ann'] }, ['fox']],
    ['createdAfter', { createdAfter: new Date(4) }, ['sun']],
    ['minPopularity', { minPopularity: 2 }, ['owl']],
    ['notIds', { notIds: ['fox'] }, ['owl', 'sun']],
    ['ids', { ids: ['fox', 'none'] }, ['fox']],
    ['no ids', { ids: [] }, []],
  ])('narrows by %s', async (_name, filter, wanted) => {
    const index = make(null, (id) => (id === 'owl' ? 2 : 1));
    await index.put(LENSES);
    const found = await index.search({
      query: 'fox owl golden',
      filter: { ...NO_FILTER, ...filter },
      exclusions: [],
    });
    expect(found.items.map(({ id }) => id).sort()).toEqual(wanted);
    expect(found.total).toBe(wanted.length);
    expect(found.facets.category.reduce((sum, { count }) => sum + count, 0)).toBe(wanted.length);
  });

  it('counts what was found', async () => {
    const index = make();
    await index.put(LENSES);
    const { facets } = await index.search({ query: 'fox owl golden', filter: null, exclusions: [] });
    expect(facets.kind).toEqual([
      { value: 'lens', count: 2 },
      { value: 'filter', count: 1 },
    ]);
    expect(facets.category).toEqual([
      { value: 'animals', count: 2 },
      { value: 'beauty', count: 1 },
    ]);
    expect(facets.tags).toContainEqual({ value: 'cute', count: 1 });
  });

  it('stems by the language an item says', async () => {
    const index = make();
    await index.put([lens('haus', { title: 'Häuser', attributes: { language: 'de' } })]);
    expect(await ids(index, 'Haus')).toEqual(['haus']);
  });

  it('suggests what begins with what is typed, the most popular first, and nothing that is hidden', async () => {
    const index = make(null, (id) => (id === 'sun' ? 9 : 0));
    await index.put([...LENSES, lens('gold', { title: 'Gold Rush' })]);
    expect(index.suggest('go', 10, [])).toEqual(['Golden Hour', 'Gold Rush']);
    expect(index.suggest('ow', 10, [])).toEqual(['Night Owl']);
    expect(index.suggest('go', 1, [])).toEqual(['Golden Hour']);
    index.remove('sun');
    expect(index.suggest('go', 10, [])).toEqual(['Gold Rush']);
    expect(index.suggest('  ', 10, [])).toEqual([]);
  });

  const flat: Encoder = {
    name: 'flat',
    dimensions: 2,
    items: (items) => Float32Array.from(items.flatMap(({ category }) => (category === 'animals' ? [1, 0] : [0, 1]))),
    text: (text) => Float32Array.from(text === 'creature' ? [1, 0] : [0, 0]),
  };

  it('finds by meaning what shares no word with the query', async () => {
    const index = make(flat);
    await index.put(LENSES);
    const found = await index.search({ query: 'creature', filter: null, exclusions: [] });
    expect(found.items.map(({ id }) => id).sort()).toEqual(['fox', 'owl']);
    expect(found.byMeaning).toBe(true);
    expect(await ids(index, 'creature', { notIds: ['owl'] })).toEqual(['fox']);
    await index.put([lens('owl', { title: 'A lamp now', category: 'things' })]);
    expect(await ids(index, 'creature')).toEqual(['fox']);
  });

  it('does with words where the encoder fails', async () => {
    const index = make({ ...flat, items: () => Promise.reject(new Error('no')), text: () => new Float32Array(1) });
    await index.put(LENSES);
    const found = await index.search({ query: 'fox', filter: null, exclusions: [] });
    expect(found.items.map(({ id }) => id)).toEqual(['fox']);
    expect(found.byMeaning).toBe(false);
    expect(failures.length).toBeGreaterThan(1);
  });
});
