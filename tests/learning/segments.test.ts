import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/domain/clock.js';
import { normal, seededRandom } from '../../src/domain/random.js';
import { segmentLift } from '../../src/features/segmentLift.js';
import { circumstanceBuilder, withFacts } from '../../src/learning/examples/circumstances.js';
import { readLearningData } from '../../src/learning/examples/eventColumns.js';
import { firstLikes } from '../../src/learning/examples/firstLikes.js';
import { shapeOf } from '../../src/learning/trainers/gammaPoisson.js';
import { newcomerLifts } from '../../src/learning/trainers/newcomers.js';
import { SEGMENT_DEFAULTS, trainSegments } from '../../src/learning/trainers/segments.js';
import { buildItemTable } from '../../src/registry/itemTable.js';
import type { SegmentModel } from '../../src/registry/snapshot.js';
import { columnsOf, itemId, type PlantedEvent, type PlantedWorld, plant, portsOf, START, userId } from './planted.js';

const { items } = plant({ items: 48, groups: 3 });
const table = buildItemTable(items, new Float32Array(items.length));
const even = new Float32Array(items.length).fill(1);

interface Like {
  readonly user: number;
  readonly item: number;
  readonly at: number;
  readonly context?: PlantedEvent['context'];
}

const worldOf = (likes: readonly Like[]): PlantedWorld => ({
  items,
  events: likes
    .map(({ user, item, at, context = null }) => ({
      userId: userId(user),
      itemId: itemId(item),
      action: 'LIKE' as const,
      value: null,
      occurredAt: START + at,
      context,
    }))
    .sort((a, b) => a.occurredAt - b.occurredAt),
});

async function learn(likes: readonly Like[], count = likes.length): Promise<SegmentModel> {
  const events = columnsOf(worldOf(likes));
  const model = await trainSegments({ items: table, events, count, prior: even, parameters: SEGMENT_DEFAULTS });
  if (model === null) throw new Error('nothing was learned');
  return model;
}

const liftOf = (model: SegmentModel, kind: string, value: string, item: number) =>
  segmentLift(model, model.rowOf(kind, value), item, table.category.codes[item] ?? -1);

/** People like anything, but for `bent` of them, whose likes `choose` makes. */
function likesOf(bent: number, choose: (n: number, at: number) => Partial<Like>, count = 3_000): Like[] {
  const random = seededRandom(3);
  return Array.from({ length: count }, (_, n) => {
    const at = Math.floor(random() * 30) * DAY_MS + Math.floor(random() * 24) * HOUR_MS;
    const like = { user: n % 400, item: Math.floor(random() * items.length), at };
    return { ...like, ...(random() < bent ? choose(n, at) : { context: { device: n % 2 ? 'phone' : 'desk' } }) };
  });
}

describe('trainSegments', () => {
  it('finds the item that a device takes to, and leaves the others as they are', async () => {
    const model = await learn(likesOf(0.1, () => ({ item: 7, context: { device: 'watch' } })));
    expect(liftOf(model, 'device', 'watch', 7)).toBeGreaterThan(1);
    expect(liftOf(model, 'device', 'phone', 7)).toBeLessThan(-0.5);
    expect(liftOf(model, 'device', 'watch', 8)).toBeLessThan(0.1);
    expect(Math.abs(liftOf(model, 'device', 'phone', 8) - liftOf(model, 'device', 'desk', 8))).toBeLessThan(0.3);
  });

  it('finds the category of an hour, so that an item nobody took to at that hour gains too', async () => {
    // Items of group 0 in the evening, but for item 0.
    const model = await learn(
      likesOf(0.5, (n, at) => ({
        item: 3 + 3 * (n % 15),
        at: Math.floor(at / DAY_MS) * DAY_MS + 20 * HOUR_MS,
      })),
    );
    expect(table.category.codes[0]).toBe(table.category.codes[3]);
    expect(liftOf(model, 'hour', '20', 0)).toBeGreaterThan(0.3);
    expect(liftOf(model, 'hour', '20', 1)).toBeLessThan(-0.5);
    expect(liftOf(model, 'hour', '9', 0)).toBeLessThan(0);
  });

  it('says nothing where there is nothing but chance, and nothing of a value that is rare', async () => {
    const model = await learn(likesOf(0.003, () => ({ item: 7, context: { device: 'watch' } })));
    expect(model.rowOf('device', 'watch')).toBe(-1);
    for (const item of items.keys()) {
      expect(Math.abs(liftOf(model, 'device', 'phone', item))).toBeLessThan(0.25);
      expect(Math.abs(liftOf(model, 'hour', '9', item))).toBeLessThan(0.6);
    }
  });

  it('learns camera features and attributes of the caller’s own like any other circumstance', async () => {
    const context = { cameraFeatures: { facesDetected: 2 }, attributes: { mood: 'silly' } };
    const model = await learn(likesOf(0.2, () => ({ item: 5, context })));
    expect(liftOf(model, 'faces', '2', 5)).toBeGreaterThan(0.5);
    expect(liftOf(model, 'attribute mood', 'silly', 5)).toBeGreaterThan(0.5);
  });

  it('reads no event from `count` on', async () => {
    const likes = likesOf(0.1, () => ({ item: 7, context: { device: 'watch' } })).sort((a, b) => a.at - b.at);
    const later = likesOf(1, (n) => ({ item: 9, at: 31 * DAY_MS + n, context: { device: 'watch', location: 'moon' } }));
    const { rowOf: _, ...before } = await learn(likes);
    const { rowOf: __, ...known } = await learn([...likes, ...later], likes.length);
    expect(known).toEqual(before);
  });

  it('is null where nobody liked anything', async () => {
    const nobody = columnsOf({ items, events: [] });
    const options = { items: table, events: nobody, count: 0, prior: even, parameters: SEGMENT_DEFAULTS };
    expect(await trainSegments(options)).toBeNull();
  });

  it('grows by two bytes an event and kind, through the log', async () => {
    const world = worldOf(likesOf(0.1, () => ({ context: { location: 'Kyiv' } }), 200));
    const { events } = await readLearningData({ tenant: 'acme', ...portsOf(world), until: Number.MAX_SAFE_INTEGER });
    expect(events.circumstances.map(({ kind }) => kind).sort()).toEqual(['device', 'hour', 'location']);
    for (const { codes, kind, values } of events.circumstances) {
      expect(codes).toBeInstanceOf(Int16Array);
      expect(codes).toHaveLength(world.events.length);
      for (const [event, code] of codes.entries()) {
        const context = world.events[event]?.context;
        if (kind === 'device') expect(values[code]).toBe(context?.device);
      }
    }
  });
});

describe('withFacts', () => {
  it('adds age to every event of a person, and their home where the event names no place', () => {
    const builder = circumstanceBuilder();
    builder.add({ location: 'Kyiv' }, 0);
    builder.add(null, 0);
    builder.add(null, 0);
    const facts = [{ age: 20, location: 'Lviv', interests: [] }, null];
    const columns = withFacts(builder.finish(), Int32Array.of(0, 0, 1), facts);
    const said = columns.map(({ kind, values, codes }) => [kind, Array.from(codes, (code) => values[code] ?? null)]);
    expect(Object.fromEntries(said)).toEqual({
      hour: ['0', '0', '0'],
      age: ['18 to 24', '18 to 24', null],
      location: ['kyiv', 'lviv', null],
    });
  });
});

describe('circumstanceBuilder', () => {
  it('keeps the first kinds and values of a log that has no end of them', () => {
    const builder = circumstanceBuilder();
    for (let n = 0; n < 3_000; n++) {
      builder.add({ device: `device ${n}`, attributes: { [`key ${String(n).padStart(4, '0')}`]: 'x' } }, n * HOUR_MS);
    }
    const columns = builder.finish();
    expect(columns).toHaveLength(12);
    for (const { codes } of columns) expect(codes).toHaveLength(3_000);
    const device = columns.find(({ kind }) => kind === 'device');
    expect(device?.values).toHaveLength(2_000);
    expect(Array.from(device?.codes.subarray(1_999, 2_001) ?? [])).toEqual([1_999, -1]);
  });
});

describe('shapeOf', () => {
  it('recovers how much rates vary from two samples, whatever else strays in either', () => {
    const random = seededRandom(4);
    const sums = { expected: 0, shared: 0 };
    const chance = { expected: 0, shared: 0 };
    for (let cell = 0; cell < 20_000; cell++) {
      // λ is 0.5 or 1.5: its variance is a quarter. Each sample strays by noise of its own.
      const rate = random() < 0.5 ? 0.5 : 1.5;
      const [n, m] = [40 * rate + 20 * normal(random), 10 * rate + 5 * normal(random)];
      sums.expected += 40 * 10;
      sums.shared += (n - 40) * (m - 10);
      chance.expected += 40 * 10;
      chance.shared += 20 * normal(random) * (-5 * Math.abs(normal(random)));
    }
    expect(shapeOf(sums)).toBeGreaterThan(3.6);
    expect(shapeOf(sums)).toBeLessThan(4.4);
    expect(shapeOf({ expected: 400, shared: -3 })).toBe(Number.POSITIVE_INFINITY);
    expect(shapeOf(chance)).toBeGreaterThan(30);
  });
});

describe('newcomerLifts', () => {
  const lifts = (likes: readonly Like[]) => {
    const events = columnsOf(worldOf(likes));
    const count = likes.length;
    const first = firstLikes(events, count, 1.5);
    return newcomerLifts({ events, count, first, prior: even, itemsKept: 20 });
  };

  /** One new person a day: they begin with what `start` says and go on with `later`. */
  const lives = (start: (day: number, n: number) => number, later: (day: number, n: number) => number): Like[] =>
    Array.from({ length: 120 }, (_, day) => [
      ...Array.from({ length: 4 }, (_, n) => ({ user: day, item: start(day, n), at: day * DAY_MS + n })),
      ...Array.from({ length: 30 }, (_, n) => ({ user: day, item: later(day, n), at: (day + 3) * DAY_MS + n })),
    ]).flat();

  it('finds what is new now where fashions change', () => {
    // The fashion moves on by one item every ten days.
    const found = lifts(
      lives(
        (day, n) => Math.floor(day / 10) + n,
        (day, n) => Math.floor(day / 10) + (n % 6),
      ),
    );
    const best = [...(found ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0] ?? -1;
    expect(best).toBeGreaterThanOrEqual(10);
  });

  it('finds what people begin with where it is not what they stay for', () => {
    // Everyone begins with items 0 to 3; then each has a taste of their own.
    const found = lifts(
      lives(
        (_, n) => n,
        (day, n) => 4 + ((day * 7 + n) % 44),
      ),
    );
    const best = [...(found ?? [])].sort((a, b) => b[1] - a[1]).slice(0, 4);
    expect(best.map(([item]) => item).sort()).toEqual([0, 1, 2, 3]);
  });

  it('does not choose by a few strangers, nor where time tells nothing', () => {
    expect(
      lifts(
        lives(
          (_, n) => n,
          (_, n) => n,
        ).filter(({ user }) => user < 20),
      ),
    ).toBeNull();
    expect(
      lifts(
        lives(
          (_, n) => n,
          (_, n) => n,
        ).map((like) => ({ ...like, at: 0 })),
      ),
    ).toBeNull();
  });
});
