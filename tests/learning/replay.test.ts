import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/domain/entities.js';
import { seededRandom } from '../../src/domain/random.js';
import { FEATURES } from '../../src/features/index.js';
import { POSITIVE_WORTH } from '../../src/features/worth.js';
import { type KernelPool, openPool } from '../../src/kernels/pool.js';
import { foldEncounters } from '../../src/learning/examples/encounters.js';
import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import { existsSince } from '../../src/learning/examples/existence.js';
import { foldInteractions } from '../../src/learning/examples/interactions.js';
import { type ReplayedList, replayLists } from '../../src/learning/examples/rankerExamples.js';
import { type Moment, replayMoments } from '../../src/learning/examples/replay.js';
import { trainSources } from '../../src/learning/sources.js';
import { TRAINING_DEFAULTS } from '../../src/learning/train.js';
import { cutInTime } from '../../src/learning/trainRanker.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import { columnsOf, plant, strangersOf } from './planted.js';

let pool: KernelPool;
beforeAll(() => {
  pool = openPool({ threads: 2 });
});
afterAll(() => pool.dispose());

/** What people take to depends on their device, so that there is something to learn of it. */
const planted = plant({ users: 40, items: 60, eventsPerUser: 12, seed: 5 });
const world = {
  ...planted,
  events: planted.events.map((event) => ({
    ...event,
    context: { device: `device ${Number(event.userId.slice(1)) % 3}` },
  })),
};
const columns = columnsOf(world);
const cut = cutInTime(columns.times, 0.3);

const ALL = { people: Number.POSITIVE_INFINITY, momentsPerPerson: Number.POSITIVE_INFINITY };

const momentsOf = (events: EventColumns, limits: typeof ALL = { people: 30, momentsPerPerson: 3 }) =>
  replayMoments({
    events,
    cut,
    ...limits,
    horizon: 5,
    positiveWorth: POSITIVE_WORTH,
    random: seededRandom(9),
  });

async function listsOf(
  events: EventColumns,
  moments: readonly Moment[] = momentsOf(events),
  catalogue: readonly Item[] = world.items,
) {
  const items = buildItemTable(catalogue, new Float32Array(world.items.length));
  const parameters = { ...TRAINING_DEFAULTS, als: { ...TRAINING_DEFAULTS.als, dimensions: 8 } };
  const interactions = foldInteractions(events, cut);
  const encounters = foldEncounters(events, cut);
  const sources = await trainSources({
    items,
    interactions,
    social: strangersOf(events),
    encounters,
    events,
    count: cut,
    content: null,
    parameters,
    seed: 1,
    pool,
    label: '',
    onProgress: () => {},
  });
  const { counts } = sources.parts;
  if (counts === null) throw new Error('nothing was counted');
  // Counts foretell nothing in this world; they are trusted here all the same, so that what is counted shows.
  const trusted = { ...counts, shapes: new Float64Array(4).fill(1), strengths: new Float64Array(4).fill(1) };
  return replayLists(moments, { ...sources.parts, counts: trusted }, events, existsSince(items.createdAt, events));
}

describe('replayMoments', () => {
  it('knows what was met before the moment, and asks for new items liked after it', () => {
    const moments = momentsOf(columns);
    expect(moments.length).toBeGreaterThan(30);
    for (const { user, now, seen, liked, profile } of moments) {
      const own = Array.from(columns.users.keys()).filter((event) => columns.users[event] === user);
      const before = own.filter((event) => (columns.times[event] ?? 0) < now).map((event) => columns.items[event]);
      const after = own.filter((event) => (columns.times[event] ?? 0) >= now).map((event) => columns.items[event]);
      expect(now).toBeGreaterThanOrEqual(columns.times[cut] ?? 0);
      expect(seen).toEqual(new Set(before));
      expect(new Set(profile.items)).toEqual(new Set(before));
      expect(liked.size).toBeLessThanOrEqual(5);
      for (const item of liked) expect(after).toContain(item);
    }
  });

  it('asks for everyone who came after the cut before they did anything', () => {
    const moments = momentsOf(columns, { people: Number.POSITIVE_INFINITY, momentsPerPerson: 2 });
    const people = new Set(moments.map(({ user }) => user));
    const came = [...people].filter((user) => columns.users.indexOf(user) >= cut);
    expect(came.length).toBeGreaterThan(0);
    for (const user of came) {
      const own = moments.filter((moment) => moment.user === user);
      expect(own.length).toBeLessThanOrEqual(2);
      expect(own[0]?.seen.size).toBe(0);
    }
  });

  it('takes no more people and moments than asked, the same ones for the same seed', () => {
    const moments = momentsOf(columns);
    expect(new Set(moments.map(({ user }) => user)).size).toBeLessThanOrEqual(30);
    expect(momentsOf(columns)).toEqual(moments);
  });
});

describe('replayLists', () => {
  it('reads nothing from the future: what happens after the moments changes labels, never features', async () => {
    const moments = momentsOf(columns, ALL);
    const leaky = plantFuture(columns, Math.max(...moments.map(({ now }) => now)));
    const known = new Set(moments.map(({ user, now }) => `${user} ${now}`));
    const sameMoments = momentsOf(leaky, ALL).filter(({ user, now }) => known.has(`${user} ${now}`));
    expect(sameMoments).toHaveLength(moments.length);
    const asItWas = await listsOf(columns, moments);
    const withFuture = await listsOf(leaky, sameMoments);
    expect(withFuture.map(({ candidates }) => candidates)).toEqual(asItWas.map(({ candidates }) => candidates));
    expect(withFuture.map(({ matrix }) => matrix)).toEqual(asItWas.map(({ matrix }) => matrix));
    expect(withFuture.map(({ labels }) => labels)).not.toEqual(asItWas.map(({ labels }) => labels));
  });

  it('would notice: an event before the moments does change features', async () => {
    const asItWas = await listsOf(columns);
    const past = { ...columns, worths: columns.worths.map((worth, event) => (event === cut - 1 ? -worth : worth)) };
    expect((await listsOf(past)).map(({ matrix }) => matrix)).not.toEqual(asItWas.map(({ matrix }) => matrix));
  });

  it('counts what happened up to each moment, after the models were trained too', async () => {
    const moments = momentsOf(columns);
    const newest = Math.max(...moments.map(({ now }) => now));
    const between = columns.times.findLastIndex((time) => time < newest);
    expect(between).toBeGreaterThan(cut);
    const others = { ...columns, worths: columns.worths.map((worth, event) => (event === between ? 0 : worth)) };
    const recent = FEATURES.findIndex(({ name }) => name === 'recent_1w');
    const columnOf = (lists: readonly ReplayedList[]) =>
      lists.map(({ matrix }) => matrix.filter((_, at) => at % FEATURES.length === recent));
    expect(columnOf(await listsOf(others, moments))).not.toEqual(columnOf(await listsOf(columns, moments)));
  });

  it('reads the moment as it was: another device then is another list now', async () => {
    const moments = momentsOf(columns);
    for (const { circumstances } of moments) expect(circumstances.get('device')).toMatch(/^device [012]$/);
    const elsewhere = moments.map((moment) => {
      const device = `device ${(Number(moment.circumstances.get('device')?.at(-1)) + 1) % 3}`;
      return { ...moment, circumstances: new Map([...moment.circumstances, ['device', device]]) };
    });
    const asItWas = await listsOf(columns, moments);
    const asItWasNot = await listsOf(columns, elsewhere);
    expect(asItWasNot.map(({ matrix }) => matrix)).not.toEqual(asItWas.map(({ matrix }) => matrix));
  });

  it('offers nothing that was seen, and a finite number for every feature', async () => {
    const moments = momentsOf(columns);
    for (const [at, { candidates, matrix, labels, liked }] of (await listsOf(columns)).entries()) {
      expect(new Set(candidates).size).toBe(candidates.length);
      for (const item of candidates) expect(moments[at]?.seen.has(item)).toBe(false);
      expect(matrix).toHaveLength(candidates.length * FEATURES.length);
      expect(matrix.every(Number.isFinite)).toBe(true);
      expect(Array.from(labels)).toEqual(Array.from(candidates, (item) => (liked.has(item) ? 1 : 0)));
    }
  });
});

describe('what was not there yet', () => {
  it('is no candidate, and one from the moment on', async () => {
    const moments = momentsOf(columns);
    const last = columns.times.at(-1) ?? 0;
    const untouched = columns.items.indexOf(59) < 0 ? 59 : -1;
    const lateAt = moments.reduce((latest, { now }) => Math.max(latest, now), 0);
    const quiet = withoutItem(columns, 59);
    const made = (time: number) =>
      world.items.map((item, at) => (at === 59 ? { ...item, createdAt: new Date(time) } : item));
    expect(untouched).toBe(-1);
    const offered = async (time: number) =>
      (await listsOf(quiet, moments, made(time))).filter(({ candidates }) => candidates.includes(59)).length;
    expect(await offered(0)).toBeGreaterThan(0);
    expect(await offered(lateAt + 1)).toBe(0);
    // Made after the whole log: an import wrote that.
    expect(await offered(last + 1)).toBeGreaterThan(0);
  });
});

describe('cutInTime', () => {
  it('starts at the first event of its moment', () => {
    expect(cutInTime(Float64Array.of(1, 2, 3, 3, 3, 3, 3, 3, 4, 5), 0.4)).toBe(2);
    expect(cutInTime(Float64Array.of(1, 2, 3, 4), 0.5)).toBe(2);
  });

  it('is 0 where time tells nothing', () => {
    expect(cutInTime(new Float64Array(10), 0.2)).toBe(0);
    expect(cutInTime(new Float64Array(0), 0.2)).toBe(0);
  });
});

function withoutItem(events: EventColumns, item: number): EventColumns {
  return { ...events, items: events.items.map((other) => (other === item ? item - 3 : other)) };
}

/** Everyone likes twenty more items, after every moment that is replayed. */
function plantFuture(events: EventColumns, last: number): EventColumns {
  const users: number[] = [];
  const items: number[] = [];
  for (let user = 0; user < events.userCount; user++) {
    for (let item = 0; item < 20; item++) {
      users.push(user);
      items.push(item);
    }
  }
  return {
    ...events,
    users: Int32Array.from([...events.users, ...users]),
    items: Int32Array.from([...events.items, ...items]),
    worths: Float32Array.from([...events.worths, ...users.map(() => 5)]),
    times: Float64Array.from([...events.times, ...users.map((_, at) => last + 1 + at)]),
    circumstances: events.circumstances.map((column) => ({
      ...column,
      values: [...column.values, 'of the future'],
      codes: Int16Array.from([...column.codes, ...users.map((_, at) => (at % 2) * column.values.length)]),
    })),
  };
}
