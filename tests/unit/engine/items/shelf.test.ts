import { describe, expect, it } from 'vitest';
import type { Item } from '../../../../src/domain/entities.js';
import { createShelf } from '../../../../src/engine/live/items/shelf.js';
import { cosine } from '../../../../src/engine/lookup/cosine.js';
import { readPerson } from '../../../../src/engine/person.js';
import { factorRow } from '../../../../src/features/factorRow.js';
import type { Factors } from '../../../../src/features/feature.js';
import { SHELF_ROWS } from '../../../../src/registry/room.js';
import type { Snapshot } from '../../../../src/registry/snapshot.js';
import { createLookups } from '../../../../src/retrieval/lookups.js';
import { createExactIndex } from '../../../../src/store/vector/exact.js';
import { editionWith } from '../../../helpers/shelf.js';
import { plantItem, plantSnapshot, START } from '../../../helpers/snapshot.js';

/** One nobody has met: number 90 of its group. */
const newItem = (group = 'horror', parts: Partial<Item> = {}): Item => ({ ...plantItem(group, 90), ...parts });

const attributesOf = ({ items }: Snapshot, id: string) => {
  const row = items.indexOf(id);
  const { offsets, indices } = items.tags;
  return {
    kind: items.kind.names[items.kind.codes[row] ?? -1],
    category: items.category.names[items.category.codes[row] ?? -1],
    author: items.author.names[items.author.codes[row] ?? -1],
    tags: [...indices.subarray(offsets[row], offsets[row + 1])].map((tag) => items.tagNames[tag]),
    createdAt: items.createdAt[row],
  };
};
const factorsOf = (model: Factors | null, item: number) => {
  if (model === null) return [];
  const { dimensions: d, itemFactors } = model;
  const row = factorRow(model, item);
  return [...itemFactors.subarray(row * d, (row + 1) * d)].map((value) => Math.round(value * 100) / 100);
};
/** Every number of a snapshot, to see whether one of them was written. */
const numbersOf = ({ manifest: _, ...snapshot }: Snapshot) => JSON.stringify(snapshot);

const lookups = () => createLookups(createExactIndex, createExactIndex);

describe('a shelf', () => {
  it('gives a new item what it says of itself, and the place that content tells', () => {
    const { snapshot } = plantSnapshot();
    const item = newItem('comedy', { authorId: 'someone new', tags: ['Comedy', 'never heard'], category: 'comedy' });
    const edition = editionWith(snapshot, [item]);
    const row = edition.items.indexOf(item.id);
    expect(row).toBe(snapshot.items.size);
    expect(edition.items.size).toBe(row + 1);
    expect(edition.items.ids[row]).toBe(item.id);
    expect(attributesOf(edition, item.id)).toEqual({
      kind: item.kind,
      category: 'comedy',
      author: 'someone new',
      tags: ['comedy', 'never heard'],
      createdAt: item.createdAt.getTime(),
    });
    expect(factorsOf(edition.content, row)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect(factorsOf(edition.collaborative, row)).toEqual([0, 0.8, 0, 0, 0, 0, 0, 0]);
    expect(factorsOf(edition.spectral, row)).toEqual([0, 0.8, 0, 0, 0, 0, 0, 0]);
    expect(edition.popularPrior[row]).toBe(0);
    expect(edition.items.popularity[row]).toBe(0);
    expect(edition.popularOrder.at(-1)).toBe(row);
    for (const { offsets } of [edition.neighbours, edition.graph, edition.sequence?.followers].flatMap(
      (r) => r ?? [],
    )) {
      expect(offsets.at(-1)).toBe(offsets.at(-2));
    }
  });

  it('writes nothing to the version, nor to an edition that was taken', () => {
    const { snapshot } = plantSnapshot();
    const before = numbersOf(snapshot);
    const shelf = createShelf(snapshot);
    shelf.put(newItem());
    const first = shelf.edition();
    const taken = {
      size: first.items.size,
      row: attributesOf(first, 'horror-000'),
      numbers: [...first.items.tags.values],
    };
    for (let n = 0; n < 50; n++) shelf.put(newItem('comedy', { id: `new ${n}` }));
    shelf.put({ ...plantItem('horror', 0), category: 'family', tags: ['family', 'odd', 'x', 'y'], title: 'family' });
    shelf.put({ ...plantItem('horror', 1), hiddenAt: new Date() });
    const second = shelf.edition();
    expect(numbersOf(snapshot)).toBe(before);
    expect(first.items.size).toBe(taken.size);
    expect(attributesOf(first, 'horror-000')).toEqual(taken.row);
    expect([...first.items.tags.values]).toEqual(taken.numbers);
    expect(first.items.indexOf('new 0')).toBe(-1);
    expect(first.items.shelf?.gone.size).toBe(0);
    expect(second.items.indexOf('new 49')).toBeGreaterThan(first.items.size);
    expect(attributesOf(second, 'horror-000').category).toBe('family');
  });

  it('lets an item that people took to keep what they taught, and say what it says now', () => {
    const { snapshot } = plantSnapshot();
    const changed = { ...plantItem('horror', 3), title: 'comedy', category: 'comedy', tags: ['comedy', 'odd'] };
    const edition = editionWith(snapshot, [changed]);
    const row = snapshot.items.indexOf(changed.id);
    expect(edition.items.indexOf(changed.id)).toBe(row);
    expect(attributesOf(edition, changed.id)).toMatchObject({ category: 'comedy', tags: ['comedy', 'odd'] });
    expect(factorsOf(edition.content, row)).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    expect(factorsOf(edition.collaborative, row)).toEqual(factorsOf(snapshot.collaborative, row));
    expect(edition.neighbours.offsets[row + 1]).toBe(snapshot.neighbours.offsets[row + 1]);
    // Everything else says what it said.
    for (const id of snapshot.items.ids) {
      if (id !== changed.id) expect(attributesOf(edition, id)).toEqual(attributesOf(snapshot, id));
    }
  });

  it('lets a changed item speak of the taste of who likes it by what it says now', () => {
    const { snapshot } = plantSnapshot();
    const changed = { ...plantItem('horror', 3), title: 'comedy', category: 'comedy', tags: ['comedy', 'odd'] };
    const edition = editionWith(snapshot, [changed]);
    const liked = { itemId: changed.id, action: 'LIKE' as const, value: null, occurredAt: START };
    const { taste } = readPerson([liked], edition);
    expect(taste.contentVector?.[1]).toBe(1);
    expect(taste.newestContent?.[1]).toBe(1);
    if (edition.content === null) throw new Error('there is content');
    const [row, other] = [changed.id, 'comedy-000'].map((id) => edition.items.indexOf(id));
    expect(cosine(edition.content, row ?? -1, other ?? -1)).toBeCloseTo(1);
  });

  it('takes an item that nobody took to for a new one when it changes', () => {
    const planted = plantSnapshot();
    const { items } = planted.snapshot;
    const row = items.indexOf('horror-019');
    const popularity = items.popularity.slice().fill(0, row, row + 1);
    const snapshot = { ...planted.snapshot, items: { ...items, popularity } };
    const edition = editionWith(snapshot, [
      { ...plantItem('horror', 19), title: 'family', category: 'family', tags: [] },
    ]);
    const now = edition.items.indexOf('horror-019');
    expect(now).toBe(items.size);
    expect(edition.items.shelf?.gone).toEqual(new Set([row]));
    expect(factorsOf(edition.collaborative, now)).toEqual([0, 0, 0.8, 0, 0, 0, 0, 0]);
  });

  it('knows when nothing is new', () => {
    const { snapshot, items } = plantSnapshot();
    const shelf = createShelf(snapshot);
    for (const item of items) expect(shelf.put(item)).toBe(false);
    expect(shelf.put(newItem())).toBe(true);
    expect(shelf.put(newItem())).toBe(false);
    // What no model reads.
    expect(shelf.put(newItem('horror', { previewUrl: 'https://example.org/x.png' }))).toBe(false);
    expect(shelf.put({ ...newItem(), hiddenAt: new Date() })).toBe(true);
    expect(shelf.put({ ...newItem(), hiddenAt: new Date() })).toBe(false);
    expect(shelf.put({ ...newItem('horror', { id: 'never seen' }), hiddenAt: new Date() })).toBe(false);
    expect(shelf.used).toBe(1);
  });

  it('names what it holds the same, whatever came first', () => {
    const { snapshot } = plantSnapshot();
    const changes = [newItem(), newItem('comedy'), { ...plantItem('family', 2), hiddenAt: new Date() }];
    const names = [changes, changes.toReversed()].map((some) => editionWith(snapshot, some).edition);
    expect(names[0]).toBe(names[1]);
    expect(editionWith(snapshot, changes.slice(1)).edition).not.toBe(names[0]);
    expect(editionWith(snapshot, [newItem('horror', { tags: ['other'] }), ...changes.slice(1)]).edition).not.toBe(
      names[0],
    );
  });

  it('takes no more than there is room for, says how many it left, and still hides', () => {
    const { snapshot } = plantSnapshot();
    const shelf = createShelf(snapshot);
    for (let n = 0; n < SHELF_ROWS; n++)
      expect(shelf.put(newItem('horror', { id: `n${n}`, tags: ['odd'] }))).toBe(true);
    expect(shelf.put(newItem('horror', { id: 'late' }))).toBe(false);
    expect({ used: shelf.used, left: shelf.left }).toEqual({ used: SHELF_ROWS, left: 1 });
    expect(shelf.put({ ...plantItem('horror', 0), hiddenAt: new Date() })).toBe(true);
    const { items } = shelf.edition();
    expect(items.indexOf('late')).toBe(-1);
    expect(items.indexOf(`n${SHELF_ROWS - 1}`)).toBe(items.size - 1);
  });

  it('weighs tags as a table that was made with the items would', () => {
    const { snapshot } = plantSnapshot();
    const edition = editionWith(snapshot, [newItem('horror', { tags: ['shelf 1', 'even', 'alone'] })]);
    const { offsets, values } = edition.items.tags;
    const row = edition.items.size - 1;
    const weights = [...values.subarray(offsets[row], offsets[row + 1])];
    expect(Math.hypot(...weights)).toBeCloseTo(1);
    expect(weights.filter((weight) => weight === 0)).toHaveLength(1);
  });
});

describe('indexes over an edition', () => {
  const { snapshot } = plantSnapshot();
  const shelf = createShelf(snapshot);
  shelf.put(newItem());
  const early = shelf.edition();
  shelf.put({ ...plantItem('comedy', 0), title: 'horror', category: 'horror', tags: ['horror'] });
  shelf.put(newItem('horror', { id: 'newer' }));
  const late = shelf.edition();
  const { indexOf, postingsOf, factors } = lookups();
  const query = Float32Array.of(1, 0.01, 0, 0, 0, 0, 0, 0);

  /** What a search of every row would find. */
  const plainly = (model: Factors, { items }: Snapshot, mask: Uint8Array, k: number) =>
    [...items.ids.slice(0, items.size).keys()]
      .filter((item) => mask[item] === 0 && items.ids[item] !== '')
      .map((item) => {
        const { dimensions: d, itemFactors } = model;
        const from = factorRow(model, item) * d;
        return { item, score: query.reduce((sum, value, at) => sum + value * (itemFactors[from + at] ?? 0), 0) };
      })
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, k);

  it.each([
    ['the later', late],
    ['the earlier, after it', early],
  ])('find what is nearest in %s', async (_, edition) => {
    for (const model of [edition.collaborative, edition.content]) {
      if (model === null) continue;
      const mask = new Uint8Array(edition.items.size);
      mask[edition.items.indexOf('horror-000')] = 1;
      for (const row of edition.items.shelf?.gone ?? []) mask[row] = 1;
      const { indices, scores } = await indexOf(model).search(query, 30, mask);
      const expected = plainly(model, edition, mask, 30);
      expect([...scores].map((score) => score.toFixed(4))).toEqual(expected.map(({ score }) => score.toFixed(4)));
      expect(new Set(indices).size).toBe(30);
      const out = new Float32Array(30);
      factors.multiply(model, query, indices, out);
      expect([...out].map((score) => score.toFixed(4))).toEqual([...scores].map((score) => score.toFixed(4)));
      for (const row of edition.items.shelf?.gone ?? []) expect(indices).not.toContain(row);
    }
  });

  it('find a changed item where it is now, and not where it was', async () => {
    const row = late.items.indexOf('comedy-000');
    if (late.content === null) throw new Error('there is content');
    const near = await indexOf(late.content).search(query, 25, new Uint8Array(late.items.size));
    expect(near.indices).toContain(row);
    const before = Float32Array.of(0, 1, 0, 0, 0, 0, 0, 0);
    expect((await indexOf(late.content).search(before, 19)).indices).not.toContain(row);
  });

  it('measure the lengths of all rows', () => {
    const lengths = factors.lengthsOf(late.collaborative);
    expect(lengths).toHaveLength(late.items.size);
    expect(lengths[late.items.indexOf('newer')]).toBeCloseTo(0.8);
    expect(lengths[0]).toBe(factors.lengthsOf(snapshot.collaborative)[0]);
  });

  it('gather items by tags as they are now', () => {
    const gather = (edition: Snapshot, tag: string) => {
      const found: string[] = [];
      postingsOf(edition.items).gather(new Map([[edition.items.codeOfTag(tag), 1]]), (item) => {
        found.push(edition.items.ids[item] ?? '');
      });
      return found.sort();
    };
    expect(gather(late, 'horror')).toEqual([...gather(snapshot, 'horror'), 'comedy-000', 'horror-090', 'newer'].sort());
    expect(gather(late, 'comedy')).toEqual(gather(snapshot, 'comedy').filter((id) => id !== 'comedy-000'));
    expect(gather(early, 'horror')).toEqual([...gather(snapshot, 'horror'), 'horror-090'].sort());
  });
});

describe('an edition of nothing but a hidden item', () => {
  it('is as large as the version', async () => {
    const { snapshot } = plantSnapshot();
    const edition = editionWith(snapshot, [{ ...plantItem('horror', 0), hiddenAt: new Date(START) }]);
    expect(edition.items.size).toBe(snapshot.items.size);
    const { indexOf } = lookups();
    const query = new Float32Array(8).fill(1);
    const found = await indexOf(edition.collaborative).search(query, 5);
    expect([...found.indices]).toEqual([...(await indexOf(snapshot.collaborative).search(query, 5)).indices]);
  });
});
