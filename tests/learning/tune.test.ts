import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/domain/clock.js';
import { silentLog } from '../../src/domain/log.js';
import { seededRandom } from '../../src/domain/random.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldInteractions } from '../../src/learning/examples/interactions.js';
import { TRAINING_DEFAULTS, train } from '../../src/learning/train.js';
import { fewerPeople } from '../../src/learning/tuning/fewerPeople.js';
import { validationSlice } from '../../src/learning/tuning/slice.js';
import { tune } from '../../src/learning/tuning/tune.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import type { Manifest } from '../../src/registry/manifest.js';
import { writeVersion } from '../../src/registry/versionFolder.js';
import {
  columnsOf,
  itemId,
  type PlantedEvent,
  type PlantedWorld,
  plant,
  portsOf,
  START,
  strangersOf,
  userId,
} from './planted.js';

let pool: KernelPool;
beforeAll(() => {
  pool = openPool({ threads: 2 });
});
afterAll(() => pool.dispose());

/** Everyone follows the fashion of their week: popularity of a season ago says nothing. */
function fashions(): PlantedWorld {
  const random = seededRandom(5);
  const events: PlantedEvent[] = [];
  for (let user = 0; user < 120; user++) {
    for (let event = 0; event < 14; event++) {
      const day = Math.floor(random() * 140);
      // Four items are in fashion at any time, and the whole catalogue comes round in ten weeks.
      const item = (4 * Math.floor(day / 7) + Math.floor(random() * 4)) % 40;
      const occurredAt = START + day * DAY_MS + Math.floor(random() * DAY_MS);
      events.push({ userId: userId(user), itemId: itemId(item), action: 'LIKE', value: null, occurredAt });
    }
  }
  events.sort((a, b) => a.occurredAt - b.occurredAt);
  return { items: plant({ items: 40 }).items, events };
}

const parameters = {
  ...TRAINING_DEFAULTS,
  als: { ...TRAINING_DEFAULTS.als, dimensions: 8, iterations: 4 },
  spectral: { ...TRAINING_DEFAULTS.spectral, dimensions: 8 },
};
const search = (world: PlantedWorld, given: Partial<Parameters<typeof tune>[0]> = {}) =>
  tune({
    events: columnsOf(world),
    social: strangersOf(columnsOf(world)),
    catalogue: world.items,
    items: buildItemTable(world.items, new Float32Array(world.items.length)),
    parameters,
    budget: { trials: 70 },
    seed: 1,
    clock: () => START,
    pool,
    onProgress: () => {},
    ...given,
  });

describe('tuning', () => {
  it('prefers what is planted: in a world of fashions popularity that fades within weeks', async () => {
    const { parameters: found, changed, metrics } = await search(fashions());
    expect(found.popularity.halfLifeDays).toBeLessThanOrEqual(14);
    expect(changed).toContain('popularity.halfLifeDays');
    expect(metrics['tuning.popularity.ndcg20']).toBeGreaterThan(1.5 * (metrics['tuning.popularity.ndcg20Before'] ?? 1));
  });

  it('and in a world without fashions leaves alone what makes no clear difference', async () => {
    const { parameters: found } = await search(plant({ users: 80, items: 60, eventsPerUser: 12 }));
    expect(found.popularity.halfLifeDays).toBeGreaterThan(14);
  });

  it('comes out the same with the same seed when its budget is counted in trials, on any number of threads', async () => {
    const world = fashions();
    const first = await search(world);
    const one = openPool({ threads: 1 });
    try {
      expect(await search(world, { pool: one })).toEqual(first);
    } finally {
      await one.dispose();
    }
  });

  it('by the clock it ends, and what came to no end stays as it is', async () => {
    let now = START;
    // Every look at the clock takes a minute: no halving of eight arms fits.
    const { parameters: found, changed } = await search(fashions(), {
      budget: { minutes: 5 },
      clock: () => (now += 60_000),
    });
    expect(found).toEqual(parameters);
    expect(changed).toEqual([]);
  });

  it('searches nothing where there are too few people to judge by', async () => {
    const world = plant({ users: 5 });
    expect(await search(world)).toEqual({ parameters, changed: [], metrics: {} });
  });
});

describe('the validation slice', () => {
  const world = plant({ users: 90, items: 60, groups: 3, eventsPerUser: 14 });

  it('lies after everything that is learned from', () => {
    const events = columnsOf(world);
    const follows = Float64Array.from({ length: 100 }, (_, day) => START + day * DAY_MS);
    const everyone = new Int32Array(100);
    const social = { ...strangersOf(events), followers: everyone, followees: everyone, followedAt: follows };
    const { lesson, people } = validationSlice(events, social, 1);
    const { followedAt } = lesson.social;
    const newest = Math.max(...lesson.events.times);
    expect(lesson.events.times.length).toBeLessThan(events.times.length);
    expect(people.length).toBeGreaterThan(20);
    const [first] = people.flat().sort((a, b) => a.now - b.now);
    expect(followedAt.length).toBeGreaterThan(50);
    expect(Math.max(...followedAt)).toBeLessThan(first?.now ?? 0);
    for (const { now, history, seen, right } of people.flat()) {
      expect(now).toBeGreaterThan(newest);
      expect([...history.items].filter((item) => right.has(item))).toEqual([]);
      expect([...right].filter((item) => seen.has(item))).toEqual([]);
    }
  });

  it('of a log without order is a random part of what people met, of which nothing is learned', () => {
    const events = columnsOf({ ...world, events: world.events.map((event) => ({ ...event, occurredAt: START })) });
    const { lesson, people } = validationSlice(events, strangersOf(events), 1);
    const held = people.flat().reduce((sum, { right }) => sum + right.size, 0);
    expect(people).toHaveLength(90);
    expect(lesson.events.items.length).toBe(events.items.length - held);
    for (const { history, right } of people.flat()) {
      expect(right.size).toBe(2);
      expect([...history.items].filter((item) => right.has(item))).toEqual([]);
    }
    expect(validationSlice(events, strangersOf(events), 2).people).not.toEqual(people);
  });

  it('may be learned from in part: the rows of some people, of fewer at a smaller share', () => {
    const events = columnsOf(world);
    const whole = { events, social: strangersOf(events) };
    const rows = (share: number) => {
      const { events: chosen, social } = fewerPeople(whole, share, 3);
      const { userCount, offsets, items } = foldInteractions(chosen);
      expect(social.ofUsers).toHaveLength(userCount);
      return Array.from({ length: userCount }, (_, user) => {
        return [social.ofUsers[user], ...items.subarray(offsets[user], offsets[user + 1])].join();
      });
    };
    const [few, more, all] = [rows(0.25), rows(0.5), rows(1)];
    expect(few.length).toBeGreaterThan(10);
    expect(few.length).toBeLessThan(more.length);
    expect(all).toHaveLength(90);
    expect(few.filter((row) => !more.includes(row))).toEqual([]);
    expect(more.filter((row) => !all.includes(row))).toEqual([]);
  });
});

describe('a tuned version', () => {
  const world = fashions();
  const cut = START + 100 * DAY_MS;

  async function trainOn(events: readonly PlantedEvent[]): Promise<Manifest> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-tune-'));
    try {
      const published: Manifest[] = [];
      await train({
        tenant: 'acme',
        ...portsOf({ ...world, events }),
        registry: {
          async publish(tenant, draft) {
            const manifest = await writeVersion(folder, { tenant, parent: null }, draft);
            published.push(manifest);
            return manifest;
          },
        },
        seed: 7,
        clock: () => START + 200 * DAY_MS,
        until: cut,
        threads: 2,
        log: silentLog,
        parameters,
        tuning: { trials: 70 },
      });
      const [manifest] = published;
      if (manifest === undefined) throw new Error('nothing was published');
      return manifest;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('says what was tuned, and is the same bit for bit whatever happened after `until`', async () => {
    const before = world.events.filter(({ occurredAt }) => occurredAt < cut);
    const after = world.events.filter(({ occurredAt }) => occurredAt >= cut);
    // Poison: from the moment on everyone goes back to what was popular at the very beginning.
    const poison = Array.from({ length: 400 }, (_, at) => ({
      userId: userId(at % 120),
      itemId: itemId(at % 4),
      action: 'LIKE' as const,
      value: null,
      occurredAt: cut + at,
    }));
    const manifest = await trainOn([...before, ...after]);
    const poisoned = await trainOn([...before, ...poison]);
    expect(manifest.tuned).toContain('popularity.halfLifeDays');
    expect(manifest.parameters['popularity.halfLifeDays']).toBeLessThanOrEqual(14);
    expect(manifest.metrics['tuning.people']).toBeGreaterThan(20);
    const { artefacts, parameters: values, tuned, metrics } = manifest;
    expect(poisoned).toMatchObject({ artefacts, parameters: values, tuned, metrics });
    // The same poison a moment earlier may be learned from, and does change what is found.
    const told = [...before, ...poison.map((event) => ({ ...event, occurredAt: event.occurredAt - 1_000 }))];
    expect((await trainOn(told)).metrics).not.toEqual(metrics);
  });
});
