import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/entities.js';
import { type Random, seededRandom } from '../../src/domain/random.js';
import { textVector } from '../../src/features/content/vector.js';
import { buildProfile } from '../../src/features/profile.js';
import { buildTaste, type Catalogue } from '../../src/features/taste.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldEncounters } from '../../src/learning/examples/encounters.js';
import { foldInteractions } from '../../src/learning/examples/interactions.js';
import { trainSources } from '../../src/learning/sources.js';
import { TRAINING_DEFAULTS } from '../../src/learning/train.js';
import { CONTENT_DEFAULTS, trainContent } from '../../src/learning/trainers/content.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import { columnsOf, groupOf, itemId, type PlantedWorld, plant, strangersOf, userId } from './planted.js';

const GROUPS = 3;
const ITEMS = 120;
/** The last items of each group: nobody has touched them. */
const COLD = 12;
const isCold = (item: number) => item >= ITEMS - COLD;

/** Each group has words of its own, in a script of its own; every title mixes them with words that all share. */
const WORDS = [
  ['fox', 'owl', 'badger', 'otter', 'heron', 'lynx'],
  ['дождь', 'туман', 'иней', 'гроза', 'ветер', 'снег'],
  ['寿司', '拉麺', '天丼', '饂飩', '蕎麦', '焼鳥'],
];
const COMMON = ['new', 'small', 'big', 'old', 'my', 'your'];

const some = (random: Random, words: readonly string[], count: number) =>
  Array.from({ length: count }, () => words[Math.floor(random() * words.length)] ?? '');

/** Nothing but the titles tells the groups apart. `told` false draws them from all words alike. */
function plantTexts(told: boolean): PlantedWorld {
  const random = seededRandom(4);
  const world = plant({ users: 90, items: ITEMS, groups: GROUPS, eventsPerUser: 12 });
  const all = WORDS.flat();
  const items = world.items.map((item, at): Item => {
    const own = told ? (WORDS[groupOf(at, GROUPS)] ?? []) : all;
    return {
      ...item,
      title: [...some(random, own, 3), ...some(random, COMMON, 2)].join(' '),
      category: null,
      tags: [],
    };
  });
  const events = world.events.filter((event) => !isCold(world.items.findIndex(({ id }) => id === event.itemId)));
  return { items, events };
}

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

const parameters = {
  ...TRAINING_DEFAULTS,
  als: { ...TRAINING_DEFAULTS.als, dimensions: 8 },
  spectral: { ...TRAINING_DEFAULTS.spectral, dimensions: 8 },
  content: { ...CONTENT_DEFAULTS, dimensions: 16 },
};

async function learn(world: PlantedWorld, pool: KernelPool) {
  const items = buildItemTable(world.items, new Float32Array(world.items.length));
  const shared = { seed: 3, pool };
  const content = await trainContent({ catalogue: world.items, parameters: parameters.content, ...shared });
  const columns = columnsOf(world);
  const interactions = foldInteractions(columns);
  const sources = await trainSources({
    items,
    content,
    interactions,
    social: strangersOf(columns),
    encounters: foldEncounters(columns),
    events: columns,
    count: columns.users.length,
    parameters,
    ...shared,
    label: '',
    onProgress: () => {},
  });
  return { content, ...sources };
}

const told = plantTexts(true);

/** Every other item by falling cosine of its factors to those of `item`. */
function nearest({ dimensions: d, itemFactors }: Catalogue['collaborative'], item: number): number[] {
  const at = (row: number) => itemFactors.subarray(row * d, (row + 1) * d);
  const own = at(item);
  const cosine = (other: Float32Array) =>
    own.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0) / (Math.hypot(...other) || 1);
  return Array.from({ length: ITEMS }, (_, other) => other)
    .filter((other) => other !== item)
    .sort((a, b) => cosine(at(b)) - cosine(at(a)));
}

describe('content', () => {
  it('puts an item nobody has touched beside its kin', async () => {
    const { parts, metrics } = await learn(told, one);
    expect(metrics['content.explainsTastes']).toBeGreaterThan(0.3);
    expect(metrics['content.explainsSpectral']).toBeGreaterThan(0.2);
    for (let item = ITEMS - COLD; item < ITEMS; item++) {
      const kin = nearest(parts.collaborative, item).map((other) => groupOf(other, GROUPS) === groupOf(item, GROUPS));
      expect(kin.slice(0, ITEMS / GROUPS - 1).filter(Boolean).length).toBeGreaterThan(0.9 * (ITEMS / GROUPS - 1));
    }
  });

  it('ranks new items by taste where popularity cannot, without putting them above what is proven', async () => {
    const { parts } = await learn(told, one);
    const { dimensions: d, itemFactors } = parts.collaborative;
    let right = 0;
    let own = 0;
    let untouched = 0;
    for (let user = 0; user < 30; user++) {
      const events = told.events.filter((event) => event.userId === userId(user));
      const { vector } = buildTaste(buildProfile(events.toReversed(), parts.items), parts, []);
      const seen = new Set(events.map((event) => event.itemId));
      const score = (item: number) =>
        (vector ?? new Float32Array(d)).reduce((sum, value, k) => sum + value * (itemFactors[item * d + k] ?? 0), 0);
      const cold = Array.from({ length: COLD }, (_, at) => ITEMS - COLD + at).sort((a, b) => score(b) - score(a));
      const wanted = cold.slice(0, COLD / GROUPS);
      right += wanted.filter((item) => groupOf(item, GROUPS) === groupOf(user, GROUPS)).length / wanted.length;
      const mean = (items: readonly number[]) => items.reduce((sum, item) => sum + score(item), 0) / items.length;
      const ofGroup = Array.from({ length: ITEMS }, (_, item) => item).filter(
        (item) => groupOf(item, GROUPS) === groupOf(user, GROUPS) && !seen.has(itemId(item)),
      );
      own += mean(ofGroup.filter((item) => !isCold(item)));
      untouched += mean(ofGroup.filter(isCold));
    }
    // Popularity says 0 of each of them; chance is a third.
    expect(right / 30).toBeGreaterThan(0.95);
    expect(parts.popularPrior.subarray(ITEMS - COLD).every((prior) => prior === 0)).toBe(true);
    expect(untouched / own).toBeGreaterThan(0.6);
    expect(untouched / own).toBeLessThan(1.2);
  });

  it('claims next to nothing where texts tell nothing of tastes', async () => {
    const { parts, metrics } = await learn(plantTexts(false), one);
    expect(metrics['content.explainsTastes']).toBeLessThan(0.2);
    const { parts: telling } = await learn(told, one);
    const spread = ({ collaborative: { dimensions: d, itemFactors } }: Catalogue) => {
      const rows = Array.from({ length: COLD }, (_, at) =>
        itemFactors.subarray((ITEMS - COLD + at) * d, (ITEMS - COLD + at + 1) * d),
      );
      const mean = Array.from({ length: d }, (_, k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0) / COLD);
      return rows.reduce((sum, row) => sum + row.reduce((s, value, k) => s + (value - (mean[k] ?? 0)) ** 2, 0), 0);
    };
    expect(spread(parts)).toBeLessThan(0.2 * spread(telling));
  });

  it('gives a text the place of the items that use its words', async () => {
    const { content } = await learn(told, one);
    if (content === null) throw new Error('nothing was learned');
    const { dimensions: d, itemFactors } = content;
    for (const [group, query] of ['otter and fox', 'ТУМАН', '寿司'].entries()) {
      const vector = textVector(content, query);
      const score = (item: number) =>
        vector.reduce((sum, value, k) => sum + value * (itemFactors[item * d + k] ?? 0), 0);
      const best = Array.from({ length: ITEMS }, (_, item) => item).sort((a, b) => score(b) - score(a));
      expect(new Set(best.slice(0, 10).map((item) => groupOf(item, GROUPS)))).toEqual(new Set([group]));
    }
  });

  it('gives the same bits for the same seed on any number of threads', async () => {
    const first = await learn(told, one);
    const again = await learn(told, three);
    expect(again.content?.projection).toEqual(first.content?.projection);
    expect(again.content?.itemFactors).toEqual(first.content?.itemFactors);
    expect(again.parts.collaborative).toEqual(first.parts.collaborative);
    expect(again.parts.spectral).toEqual(first.parts.spectral);
  });

  it('makes no model of items that share no word, and places nothing where nobody did anything', async () => {
    const alone = told.items.map((item, at) => ({ ...item, title: `only${at}`, kind: `kind${at}` }));
    const shared = { parameters: parameters.content, seed: 3, pool: one };
    expect(await trainContent({ catalogue: alone, ...shared })).toBeNull();
    expect(await trainContent({ catalogue: [], ...shared })).toBeNull();
    const { parts } = await learn({ ...told, events: [] }, one);
    expect(parts.content?.toCollaborative).toBeNull();
    expect(parts.collaborative.itemFactors.every((factor) => factor === 0)).toBe(true);
  });

  it('keeps the terms of most items where there are too many', async () => {
    const few = await trainContent({
      catalogue: told.items,
      parameters: { ...parameters.content, terms: 10 },
      seed: 3,
      pool: one,
    });
    expect(few?.vocabulary.terms).toHaveLength(10);
    for (const word of COMMON) expect(few?.vocabulary.terms).toContain(word);
  });
});
