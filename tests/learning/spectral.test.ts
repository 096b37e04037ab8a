import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/domain/random.js';
import { projectSpectral } from '../../src/features/spectral.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldInteractions, type Interactions } from '../../src/learning/examples/interactions.js';
import { affordableDimensions, SPECTRAL_DEFAULTS, trainSpectral } from '../../src/learning/trainers/spectral.js';
import { gram, jacobi } from '../unit/kernels/reference.js';
import { columnsOf, groupOf, plant } from './planted.js';

const GROUPS = 3;
const interactions = foldInteractions(columnsOf(plant({ groups: GROUPS })));
const parameters = { ...SPECTRAL_DEFAULTS, dimensions: 8 };

let one: KernelPool;
let three: KernelPool;
beforeAll(() => {
  one = openPool({ threads: 1 });
  three = openPool({ threads: 3 });
});
afterAll(() => Promise.all([one.dispose(), three.dispose()]));

async function decompose(...[options]: Parameters<typeof trainSpectral>) {
  const result = await trainSpectral(options);
  if (result === null) throw new Error('nothing was decomposed');
  return result;
}

/** What a person did, as a profile has it. */
function profileOf({ offsets, items, worth, recency }: Interactions, user: number) {
  const [from, to] = [offsets[user], offsets[user + 1]];
  return { items: items.subarray(from, to), worth: worth.subarray(from, to), recency: recency.subarray(from, to) };
}

describe('trainSpectral', () => {
  it('recovers a checkerboard: what a person has not seen of their group ranks above everything else', async () => {
    const d = GROUPS;
    const small = { ...parameters, dimensions: d };
    const { model } = await decompose({ interactions, parameters: small, seed: 3, pool: one });
    for (let user = 0; user < interactions.userCount; user++) {
      const profile = profileOf(interactions, user);
      const vector = projectSpectral(model, profile) ?? [];
      const scores = Array.from({ length: interactions.itemCount }, (_, item) => ({
        item,
        score: Array.from({ length: d }, (_, k) => (vector[k] ?? 0) * (model.itemFactors[item * d + k] ?? 0)).reduce(
          (sum, product) => sum + product,
          0,
        ),
      })).filter(({ item }) => !profile.items.includes(item));
      const own = scores.filter(({ item }) => groupOf(item, GROUPS) === groupOf(user, GROUPS));
      const others = scores.filter(({ item }) => groupOf(item, GROUPS) !== groupOf(user, GROUPS));
      expect(own.length).toBeGreaterThan(0);
      expect(Math.min(...own.map(({ score }) => score))).toBeGreaterThan(Math.max(...others.map(({ score }) => score)));
    }
  });

  it('finds the singular values of a dense reference, and vectors that belong to them', async () => {
    const shape = fc.record({
      users: fc.integer({ min: 2, max: 40 }),
      items: fc.integer({ min: 2, max: 30 }),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ users, items, seed }) => {
        const random = seededRandom(seed);
        const world = randomInteractions(users, items, random);
        const plain = {
          ...parameters,
          iterations: 10,
          dimensions: 12,
          damping: 2,
          userExponent: 0.5,
          itemExponent: 0.5,
        };
        const { model, singularValues } = await decompose({
          interactions: world,
          parameters: { ...plain, outputExponent: 0.5 },
          seed,
          pool: one,
        });
        const dense = normalised(world);
        const square = gram(dense, users, items);
        const expected = jacobi(square, items);
        expect(singularValues.length).toBe(Math.min(12, users, items));
        for (const [k, value] of singularValues.entries()) {
          const exact = Math.sqrt(Math.max(0, expected.values[k] ?? 0));
          expect(Math.abs(value - exact)).toBeLessThan(exact > 0.1 ? 1e-3 : 0.1);
        }
        // V Σ² Vᵀ is R̃ᵀR̃ where no singular value is left out.
        if (expected.values.length > singularValues.length && (expected.values[singularValues.length] ?? 0) > 1e-9)
          return;
        const { dimensions: d, itemFactors, inputScale } = model;
        const mass = (item: number) => 1 / (inputScale[item] || Number.POSITIVE_INFINITY);
        for (let a = 0; a < items; a++) {
          for (let b = 0; b < items; b++) {
            let found = 0;
            for (let k = 0; k < d; k++) found += (itemFactors[a * d + k] ?? 0) * (itemFactors[b * d + k] ?? 0);
            const exact = (square[a * items + b] ?? 0) * Math.sqrt(mass(a) * mass(b));
            expect(Math.abs(found - exact)).toBeLessThan(0.02 * Math.sqrt(1 + mass(a) * mass(b)));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same bits for the same seed on any number of threads', async () => {
    const first = await decompose({ interactions, parameters, seed: 3, pool: one });
    expect(await decompose({ interactions, parameters, seed: 3, pool: one })).toEqual(first);
    expect(await decompose({ interactions, parameters, seed: 3, pool: three })).toEqual(first);
  });

  it('leaves at the origin what nobody took to, and a person who took to nothing without a vector', async () => {
    const turnedDown = { ...interactions, worth: interactions.worth.map(() => -1) };
    const { model } = await decompose({ interactions: turnedDown, parameters, seed: 3, pool: one });
    expect(model.itemFactors.every((value) => value === 0)).toBe(true);
    expect(projectSpectral(model, profileOf(turnedDown, 0))).toBeNull();
    const { model: liked } = await decompose({ interactions, parameters, seed: 3, pool: one });
    expect(projectSpectral(liked, profileOf(turnedDown, 0))).toBeNull();
  });

  it('takes as many dimensions as the log can tell and memory can hold', () => {
    const afford = (userCount: number, itemCount: number) => affordableDimensions({ userCount, itemCount });
    expect(afford(0, 0)).toBe(0);
    expect(afford(1_000, 200)).toBe(0);
    expect(afford(400, 500)).toBe(8);
    expect(afford(1_200, 1_000)).toBe(16);
    expect(afford(610, 9_742)).toBe(80);
    expect(afford(29_858, 40_981)).toBe(408);
    expect(afford(1_000_000, 200_000)).toBe(80);
    expect(afford(1_000_000, 5_000_000)).toBe(64);
  });

  it('makes no model of nothing, and none where none is asked for', async () => {
    const empty = foldInteractions(columnsOf({ items: [], events: [] }));
    expect(await trainSpectral({ interactions: empty, parameters, seed: 3, pool: one })).toBeNull();
    const none = { ...parameters, dimensions: 0 };
    expect(await trainSpectral({ interactions, parameters: none, seed: 3, pool: one })).toBeNull();
  });

  it('tells of every step', async () => {
    const steps: number[] = [];
    await decompose({ interactions, parameters, seed: 3, pool: one, onIteration: (step) => steps.push(step) });
    expect(steps).toEqual(Array.from({ length: parameters.iterations + 1 }, (_, at) => at + 1));
  });
});

function randomInteractions(userCount: number, itemCount: number, random: () => number): Interactions {
  const offsets = [0];
  const items: number[] = [];
  for (let user = 0; user < userCount; user++) {
    for (let item = 0; item < itemCount; item++) if (random() < 0.25) items.push(item);
    offsets.push(items.length);
  }
  return {
    userCount,
    itemCount,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(items),
    worth: new Float32Array(items.length).fill(1 / 3),
    places: new Int32Array(items.length),
    recency: new Float32Array(items.length).fill(1),
    times: new Float64Array(items.length),
  };
}

/** D_u^−½ R D_i^−½ of ones, dense. */
function normalised({ userCount, itemCount, offsets, items }: Interactions): Float32Array {
  const ofItems = new Float64Array(itemCount);
  for (const item of items) ofItems[item] = (ofItems[item] ?? 0) + 1;
  const dense = new Float32Array(userCount * itemCount);
  for (let user = 0; user < userCount; user++) {
    const row = items.subarray(offsets[user], offsets[user + 1]);
    for (const item of row) dense[user * itemCount + item] = 1 / Math.sqrt(row.length * (ofItems[item] ?? 1));
  }
  return dense;
}
