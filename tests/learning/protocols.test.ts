import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../../src/domain/actions.js';
import { DAY_MS } from '../../src/domain/clock.js';
import { files } from '../../src/learning/evaluation/protocols/files.js';
import { leaveLastOne } from '../../src/learning/evaluation/protocols/leaveLastOne.js';
import { temporal } from '../../src/learning/evaluation/protocols/temporal.js';
import { knownEvents, type Split } from '../../src/learning/evaluation/split.js';
import { itemId, type PlantedEvent, plant, START, tableOf, userId } from './planted.js';

const bare = plant({ items: 12, groups: 1 }).items;

/** One event a day, from the words "user item action day". */
const event = (user: number, item: number, action: Action, day: number): PlantedEvent => ({
  userId: userId(user),
  itemId: itemId(item),
  action,
  value: null,
  occurredAt: START + day * DAY_MS,
});

/** A split by its ids, for a person to read. */
function readable({ train, people }: Split) {
  const item = (index: number) => train.catalogue[index]?.id ?? '';
  return {
    train: train.actions.map(
      (action, at) => `${train.userIds[train.users[at] ?? -1]} ${item(train.items[at] ?? -1)} ${action}`,
    ),
    people: people.map(({ user, right }) => [train.userIds[user], ...Array.from(right, item)]),
  };
}

describe('temporal', () => {
  const events = [
    event(0, 0, 'LIKE', 0),
    event(0, 1, 'VIEW', 1),
    event(1, 2, 'LIKE', 2),
    event(1, 3, 'LIKE', 3),
    event(0, 4, 'LIKE', 10),
    event(0, 0, 'SHARE', 11),
    event(1, 5, 'SKIP', 12),
    event(2, 1, 'LIKE', 13),
    event(2, 6, 'SAVE', 14),
  ];
  const cut = START + 10 * DAY_MS;

  it('learns from what came before the moment, and judges by the new items taken to from then on', () => {
    const split = temporal(tableOf({ items: bare, events }), cut);
    expect(split.until).toBe(cut);
    expect(readable(split)).toEqual({
      train: ['u0000 i0000 LIKE', 'u0000 i0001 VIEW', 'u0001 i0002 LIKE', 'u0001 i0003 LIKE'],
      // Sharing again what one had is nothing new; a skip is no success; someone new is asked for too.
      people: [
        ['u0000', 'i0004'],
        ['u0002', 'i0001', 'i0006'],
      ],
    });
    expect(knownEvents(split)(0).map(({ itemId: id }) => id)).toEqual(['i0001', 'i0000']);
    expect(knownEvents(split)(2)).toEqual([]);
  });

  it('judges promises by the next five new items alone', () => {
    const many = plant({ items: 60, groups: 1 }).items;
    const later = Array.from({ length: 30 }, (_, at) => event(1, 10 + at, at % 2 === 0 ? 'LIKE' : 'SKIP', 20 + at));
    const split = temporal(tableOf({ items: many, events: [event(0, 0, 'LIKE', 0), ...later] }), START + 5 * DAY_MS);
    expect(split.people[0]?.right).toHaveLength(15);
    expect([...(split.people[0]?.promised ?? [])]).toEqual([10, 12, 14]);
  });

  it('takes the newest fifth by itself', () => {
    const world = plant({ users: 40 });
    const split = temporal(tableOf(world));
    expect(split.train.times.length).toBe(Math.floor(world.events.length * 0.8));
    expect(Math.max(...split.train.times)).toBeLessThan(split.until);
  });

  it('knows no item that was made later, unless its date says nothing', () => {
    const items = bare.map((item, index) => {
      if (index === 4) return { ...item, createdAt: new Date(cut) };
      if (index === 6) return { ...item, createdAt: new Date(START + 1000 * DAY_MS) };
      return index === 7 ? { ...item, createdAt: new Date(cut + DAY_MS) } : item;
    });
    const split = temporal(tableOf({ items, events }), cut);
    const ids = split.train.catalogue.map(({ id }) => id);
    expect(ids).not.toContain('i0004');
    expect(ids).not.toContain('i0007');
    // Made after its own first event: an import's date.
    expect(ids).toContain('i0006');
    expect(Math.max(...split.train.catalogue.map(({ createdAt }) => createdAt.getTime()))).toBeLessThanOrEqual(cut);
    expect(readable(split).people).toEqual([['u0002', 'i0001', 'i0006']]);
  });

  it('refuses a log that no moment splits', () => {
    expect(() => temporal(tableOf({ items: bare, events: [] }))).toThrow('it is empty');
    const once = [event(0, 0, 'LIKE', 1), event(1, 1, 'LIKE', 1)];
    expect(() => temporal(tableOf({ items: bare, events: once }))).toThrow('it all happened at once');
    expect(() => temporal(tableOf({ items: bare, events }), START)).toThrow('nothing happened before 2026-01-01');
    const end = START + 99 * DAY_MS;
    expect(() => temporal(tableOf({ items: bare, events }), end)).toThrow('nothing happened from 2026-04-10');
  });
});

describe('leave-last-one', () => {
  it('holds out the item each person took to last, all they did on it, and what followed', () => {
    const events = [
      event(0, 0, 'LIKE', 0),
      event(0, 1, 'VIEW', 1),
      event(0, 2, 'LIKE', 2),
      event(0, 1, 'SAVE', 3),
      event(0, 3, 'SKIP', 4),
      event(1, 5, 'LIKE', 5),
      event(2, 6, 'LIKE', 6),
      event(2, 6, 'SHARE', 7),
      event(3, 7, 'VIEW', 8),
    ];
    expect(readable(leaveLastOne(tableOf({ items: bare, events })))).toEqual({
      // One who met a single item keeps it, and so does one who took to nothing.
      train: [
        'u0000 i0000 LIKE',
        'u0000 i0002 LIKE',
        'u0001 i0005 LIKE',
        'u0002 i0006 LIKE',
        'u0002 i0006 SHARE',
        'u0003 i0007 VIEW',
      ],
      people: [['u0000', 'i0001']],
    });
  });
});

describe('every split of a log', () => {
  it('keeps what is right out of what the person is known by, and moments before events out of sight', () => {
    const act = fc.record({
      user: fc.nat({ max: 5 }),
      item: fc.nat({ max: 11 }),
      action: fc.constantFrom<Action>('VIEW', 'LIKE', 'SAVE', 'SKIP'),
      day: fc.nat({ max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(act, { minLength: 2, maxLength: 60 }), (acts) => {
        const events = acts
          .toSorted((a, b) => a.day - b.day)
          .map((one) => event(one.user, one.item, one.action, one.day));
        const table = tableOf({ items: bare, events });
        const splits = [leaveLastOne(table)];
        if (
          (events[0]?.occurredAt ?? 0) < START + 10 * DAY_MS &&
          (events.at(-1)?.occurredAt ?? 0) >= START + 10 * DAY_MS
        ) {
          splits.push(temporal(table, START + 10 * DAY_MS));
        }
        for (const split of splits) {
          const known = knownEvents(split);
          expect(split.train.times.every((time) => time < split.until)).toBe(true);
          for (const { user, right, now } of split.people) {
            const met = new Set(known(user).map(({ itemId: id }) => id));
            expect(right.length).toBeGreaterThan(0);
            for (const item of right) expect(met.has(split.train.catalogue[item]?.id ?? '')).toBe(false);
            expect(known(user).every(({ occurredAt }) => occurredAt <= now)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'curio-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };

  it('reads a line per person, and counts no test item that is in the training file', async () => {
    const train = await write('train.txt', '0 10 2 2\r\n1 2\n\n2\n');
    const test = await write('test.txt', '0 3 10\n1\n2 2\n7 10 3');
    const split = await files(train, test);
    expect(split.train.catalogue.map(({ id }) => id)).toEqual(['10', '2', '3']);
    expect(readable(split)).toEqual({
      train: ['0 10 LIKE', '1 2 LIKE', '0 2 LIKE'],
      people: [
        ['0', '3'],
        ['2', '2'],
        ['7', '10', '3'],
      ],
    });
    expect(knownEvents(split)(split.train.userIds.indexOf('7'))).toEqual([]);
  });

  it('takes a line as it is written for the order in which it happened, and all lines to end together', async () => {
    const train = await write('train.txt', '0 7 3 9 1\n1 3 7\n');
    const split = await files(train, await write('test.txt', '0 2\n1 2\n'));
    const newest = knownEvents(split);
    const timeline = (id: string) => newest(split.train.userIds.indexOf(id));
    expect(timeline('0').map(({ itemId }) => itemId)).toEqual(['1', '9', '3', '7']);
    expect(timeline('1').map(({ itemId }) => itemId)).toEqual(['7', '3']);
    // The later half of one line is as new as the later half of the other.
    expect(timeline('1')[0]?.occurredAt).toBe(timeline('0')[1]?.occurredAt);
    expect(split.people.every(({ now }) => now === split.until)).toBe(true);
  });

  it('takes lines that all rise for sorted ones, whose order says nothing', async () => {
    const test = await write('test.txt', '0 2\n');
    const timesOf = async (lines: string) => new Set((await files(await write('train.txt', lines), test)).train.times);
    expect(await timesOf('0 3 7 9\n1 3 7\n')).toEqual(new Set([0]));
    expect((await timesOf('0 3 7 9\n1 7 3\n')).size).toBe(4);
  });

  it('names file and line of what it cannot read', async () => {
    const good = await write('good.txt', '0 1 2\n');
    const strange = await write('strange.txt', '0 1 2\n1 3 x4\n');
    await expect(files(strange, good)).rejects.toThrow(`${strange}:2: "x4" is no number`);
    await expect(files(good, strange)).rejects.toThrow(`${strange}:2: "x4" is no number`);
    const twice = await write('twice.txt', '0 1\n\n1 2\n0 3\n');
    await expect(files(good, twice)).rejects.toThrow(`${twice}:4: user 0 has a line already`);
    await expect(files(path.join(folder, 'none.txt'), good)).rejects.toThrow('ENOENT');
  });
});
