import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidates } from '../../src/domain/candidates.js';
import { AUTHOR_SHOWN, SHOWN, TOOK_TO } from '../../src/engine/hydrators/exposure.js';
import type { Reranked } from '../../src/engine/pipeline/stages.js';
import { exploration } from '../../src/engine/rerankers/exploration.js';
import { compileRules } from '../../src/engine/rules/compile.js';
import { queryOf } from '../helpers/query.js';
import { activeRules, rule } from '../helpers/rules.js';
import { plantSnapshot } from '../helpers/snapshot.js';

const { snapshot } = plantSnapshot({ itemsPerGroup: 40 });
const SIZE = snapshot.items.size;

/** A list of 120 with some of it uncertain, and what is asked of it. */
const setting = fc
  .record({
    first: fc.integer({ min: 1, max: 60 }),
    share: fc.oneof(fc.constantFrom(0.05, 0.1, 0.5), fc.double({ min: 0.001, max: 0.5, noNaN: true })),
    known: fc.double({ min: 0, max: 1, noNaN: true }),
    pinned: fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 4 }),
    buried: fc.constantFrom([], ['horror']),
    salt: fc.integer({ min: 1, max: 1_000 }),
    length: fc.integer({ min: 1, max: SIZE }),
  })
  .map(({ known, salt, length, ...rest }) => {
    const items = Int32Array.from({ length }, (_, at) => (at * 37 + salt) % SIZE);
    const noise = (row: number, n: number) => ((row * 7919 + n * 104_729 + salt * 31) % 1_000) / 1_000;
    const uncertain = (of: (row: number) => number) =>
      Float32Array.from(items, (_, row) => (noise(row, 1) < known ? Number.NaN : of(row)));
    const candidates: Candidates = {
      items,
      sources: [],
      columns: new Map([
        [SHOWN, uncertain((row) => Math.floor(noise(row, 2) * 130))],
        [TOOK_TO, uncertain((row) => Math.floor(noise(row, 3) * 10))],
        [AUTHOR_SHOWN, uncertain((row) => (noise(row, 4) < 0.3 ? Number.NaN : noise(row, 4) * 300))],
      ]),
    };
    const scores = Float32Array.from(items, (_, row) => 1 - row / length);
    return { ...rest, candidates, scores };
  });
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

/** The list as it stands before, pins in their places and burials at the end; and how it is explored by each seed. */
async function explorer({ first, share, pinned, buried, candidates, scores }: Setting) {
  const pins = pinned
    .filter((position) => position < candidates.items.length)
    .map((position) => {
      const id = snapshot.items.ids[candidates.items[position] ?? 0] ?? '';
      return rule(`pin ${position}`, { kind: 'PIN', position }, { ids: [id] });
    });
  const burials = buried.map((category) => rule(category, { kind: 'BURY' }, { category: [category] }));
  const rules = await compileRules(activeRules(...pins, ...burials).rules, snapshot.items);
  const down = (row: number) => (rules.buriedBy?.[candidates.items[row] ?? 0] ?? 0) !== 0;
  const rows = [...candidates.items.keys()];
  const order = Int32Array.from([...rows.filter((row) => !down(row)), ...rows.filter(down)]);
  const query = queryOf(snapshot, { first, rules });
  const explore = (seed: number): Reranked =>
    exploration.rerank({ ...query, chance: { share, seed, turn: 0 } }, candidates, { order, scores });
  return { explore, order, rules };
}

describe('exploration', () => {
  it('loses nothing, doubles nothing, does the same for the same seed, and moves no pin and nothing buried', async () => {
    await fc.assert(
      fc.asyncProperty(setting, fc.integer(), async (given, seed) => {
        const { explore, order, rules } = await explorer(given);
        const after = explore(seed);
        expect([...after.order].sort((a, b) => a - b)).toEqual([...order].sort((a, b) => a - b));
        expect(explore(seed)).toEqual(after);
        expect(after.scores).toBe(given.scores);
        const pinned = new Set(rules.pins.map(({ item }) => item));
        const head = after.order.subarray(0, given.first);
        order.forEach((row, place) => {
          const item = given.candidates.items[row] ?? 0;
          if (place < given.first && pinned.has(item)) expect(after.order[place]).toBe(row);
          if (place >= given.first && (rules.buriedBy?.[item] ?? 0) !== 0) expect(head).not.toContain(row);
        });
        for (const propensity of after.propensities ?? []) {
          expect(propensity).toBeGreaterThan(0);
          expect(propensity).toBeLessThanOrEqual(1);
        }
        for (const [row, text] of after.moved) {
          expect(text).toBe(`exploration: position ${order.indexOf(row)} to ${after.order.indexOf(row)}`);
          expect(given.candidates.columns.get(SHOWN)?.[row]).toBeLessThan(100);
        }
      }),
    );
  });

  it('says of each item, whatever was drawn, the one probability with which it gets that place', async () => {
    await fc.assert(
      fc.asyncProperty(setting, async (given) => {
        const { explore } = await explorer(given);
        const said = new Map<string, number>();
        for (let seed = 0; seed < 300; seed++) {
          const { order, propensities } = explore(seed);
          order.subarray(0, given.first).forEach((row, place) => {
            const propensity = propensities?.[row] ?? 1;
            const key = `${row} at ${place}`;
            expect(said.get(key) ?? propensity, key).toBe(propensity);
            said.set(key, propensity);
          });
        }
        // The probabilities of all that may stand at one place are no more than 1 together.
        for (let place = 0; place < given.first; place++) {
          const sum = [...said].reduce((sum, [key, p]) => sum + (key.endsWith(` at ${place}`) ? p : 0), 0);
          expect(sum).toBeLessThan(1.000_01);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('shows each item at its place as often as it says, over many seeds', async () => {
    const seeds = 20_000;
    for (const given of fc.sample(setting, { seed: 7, numRuns: 12 })) {
      const { explore } = await explorer(given);
      const times = new Map<string, { count: number; propensity: number }>();
      for (let seed = 0; seed < seeds; seed++) {
        const { order, propensities } = explore(seed);
        for (let place = 0; place < Math.min(given.first, order.length); place++) {
          const row = order[place] ?? 0;
          const key = `${row} at ${place}`;
          const known = times.get(key) ?? { count: 0, propensity: propensities?.[row] ?? 1 };
          known.count += 1;
          times.set(key, known);
        }
      }
      for (const [key, { count, propensity }] of times) {
        const deviation = Math.sqrt((propensity * (1 - propensity)) / seeds);
        // Five standard deviations, and one count for what is rarer than that can tell.
        expect(Math.abs(count / seeds - propensity), key).toBeLessThan(5 * deviation + 1.5 / seeds + 1e-6);
      }
    }
  });

  it('gives away the share of the positions it is asked for', async () => {
    const [given] = fc.sample(
      setting.filter(({ pinned, buried }) => pinned.length + buried.length === 0),
      {
        seed: 3,
        numRuns: 1,
      },
    );
    if (given === undefined) throw new Error('nothing was sampled');
    const length = SIZE;
    const items = Int32Array.from({ length }, (_, at) => at);
    const columns = new Map([SHOWN, TOOK_TO, AUTHOR_SHOWN].map((name) => [name, new Float32Array(length)]));
    const candidates = { items, sources: [], columns };
    const whole = { ...given, first: 10, share: 0.05, candidates, scores: new Float32Array(length).fill(0.1) };
    const { explore } = await explorer(whole);
    let tried = 0;
    for (let seed = 0; seed < 4_000; seed++) tried += explore(seed).moved.size;
    expect(tried / 40_000).toBeGreaterThan(0.045);
    expect(tried / 40_000).toBeLessThan(0.055);
  });

  it('leaves the list alone where there is no share, or nothing uncertain', async () => {
    const [given] = fc.sample(setting, { seed: 5, numRuns: 1 });
    if (given === undefined) throw new Error('nothing was sampled');
    const none = { ...given, candidates: { ...given.candidates, columns: new Map() } };
    for (const one of [{ ...given, share: 0 }, none]) {
      const { explore, order } = await explorer(one);
      for (let seed = 0; seed < 50; seed++)
        expect(explore(seed)).toEqual({ order, scores: one.scores, moved: new Map() });
    }
  });
});
