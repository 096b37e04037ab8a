import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BOARD_LIMIT, type Board, type Counters, FADED } from '../../src/store/ports/counters.js';
import { liveAdapters } from '../helpers/liveAdapters.js';

const HALF_LIFE = 60_000;
const START = Date.UTC(2026, 0, 1);
const newBoard = (): Board => ({ name: randomUUID(), halfLifeMs: HALF_LIFE });
const one = (member: string, amount = 1) => new Map([[member, amount]]);

describe.each(liveAdapters())('counters: $name', ({ lack, open, disposeAll }) => {
  let counters: Counters;
  beforeAll(async () => {
    if (lack === null) counters = (await open()).counters;
  });
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(disposeAll);

  it('is empty at first', async () => {
    const board = newBoard();
    expect(await counters.top(board, 10, START)).toEqual([]);
    expect(await counters.get(board, ['a', 'b'], START)).toEqual([0, 0]);
    expect(await counters.get(board, [], START)).toEqual([]);
  });

  it('halves a count with each half-life', async () => {
    const board = newBoard();
    await counters.add(board, one('a', 8), START);
    for (const halfLives of [0, 1, 2, 10]) {
      expect(await counters.get(board, ['a'], START + halfLives * HALF_LIFE)).toEqual([8 / 2 ** halfLives]);
    }
    const [between] = await counters.get(board, ['a'], START + HALF_LIFE / 2);
    expect(between).toBeCloseTo(8 / Math.SQRT2, 10);
  });

  it('sums what was added at different times', async () => {
    const board = newBoard();
    await counters.add(board, one('a', 4), START);
    await counters.add(board, one('a', 1), START + HALF_LIFE);
    expect(await counters.get(board, ['a'], START + HALF_LIFE)).toEqual([3]);
  });

  it('takes events that arrive late at their own time', async () => {
    const board = newBoard();
    await counters.add(board, one('new'), START + 2 * HALF_LIFE);
    await counters.add(board, one('old'), START);
    expect(await counters.get(board, ['new', 'old'], START + 2 * HALF_LIFE)).toEqual([1, 0.25]);
  });

  it('lists the largest first, and equal ones by code unit', async () => {
    const board = newBoard();
    // U+1F600 is D83D DE00 in code units: before U+E000 here, after it in UTF-8.
    const members = ['\ue000', '\u{1f600}', '\ud800', 'é', '~', '\x7f', 'a', 'B', '', '\x7f00e9'];
    await counters.add(board, new Map(members.map((member) => [member, 1])), START);
    await counters.add(board, one('most', 2), START);
    const listed = await counters.top(board, 100, START);
    expect(listed.map(({ member }) => member)).toEqual(['most', ...members.sort((a, b) => (a < b ? -1 : 1))]);
    expect(listed[0]).toEqual({ member: 'most', count: 2 });
    expect(await counters.top(board, 3, START)).toEqual(listed.slice(0, 3));
    expect(await counters.top(board, 0, START)).toEqual([]);
  });

  it('keeps counting right over thousands of half-lives', async () => {
    const board = newBoard();
    for (let halfLives = 0; halfLives <= 3_000; halfLives += 50) {
      const at = START + halfLives * HALF_LIFE;
      await counters.add(board, one('steady'), at);
      await counters.add(board, one('late'), at - HALF_LIFE);
      expect(await counters.get(board, ['steady', 'late'], at)).toEqual([
        expect.closeTo(1, 12),
        expect.closeTo(0.5, 12),
      ]);
    }
    const end = START + 10_000 * HALF_LIFE;
    await counters.add(board, one('after a long silence'), end);
    expect(await counters.top(board, 10, end)).toEqual([{ member: 'after a long silence', count: 1 }]);
  });

  it('no longer lists what has faded', async () => {
    const board = newBoard();
    await counters.add(board, one('a'), START);
    expect(await counters.top(board, 10, START + 29 * HALF_LIFE)).toHaveLength(1);
    expect(await counters.top(board, 10, START + 30 * HALF_LIFE)).toEqual([]);
  });

  it('keeps boards apart by name and by half-life', async () => {
    const board = newBoard();
    const slower = { ...board, halfLifeMs: 2 * HALF_LIFE };
    await counters.add(board, one('a'), START);
    await counters.add(slower, one('a', 16), START);
    expect(await counters.get(board, ['a'], START + 2 * HALF_LIFE)).toEqual([0.25]);
    expect(await counters.get(slower, ['a'], START + 2 * HALF_LIFE)).toEqual([8]);
    expect(await counters.get(newBoard(), ['a'], START)).toEqual([0]);
  });

  it('removes a member, clears a board', async () => {
    const board = newBoard();
    await counters.add(
      board,
      new Map([
        ['a', 1],
        ['é', 2],
      ]),
      START,
    );
    await counters.remove(board, 'é');
    await counters.remove(board, 'nobody');
    expect(await counters.top(board, 10, START)).toEqual([{ member: 'a', count: 1 }]);
    await counters.clear(board);
    expect(await counters.top(board, 10, START)).toEqual([]);
    await counters.add(board, one('a', 3), START - 500 * HALF_LIFE);
    expect(await counters.get(board, ['a'], START - 500 * HALF_LIFE)).toEqual([3]);
  });

  it('adds nothing when there is nothing', async () => {
    const board = newBoard();
    await counters.add(board, new Map(), START);
    expect(await counters.top(board, 10, START)).toEqual([]);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses an amount of %s and adds none of its call',
    async (amount) => {
      const board = newBoard();
      await expect(
        counters.add(
          board,
          new Map([
            ['good', 1],
            ['bad', amount],
          ]),
          START,
        ),
      ).rejects.toThrow(`the amount of "bad" must be positive and finite, got ${amount}`);
      expect(await counters.top(board, 10, START)).toEqual([]);
    },
  );

  it('forgets the smallest when a board grows too large', async () => {
    const board = newBoard();
    const slice = 20_000;
    for (let from = 0; from <= BOARD_LIMIT; from += slice) {
      const length = Math.min(slice, BOARD_LIMIT + 1 - from);
      await counters.add(board, new Map(Array.from({ length }, (_, i) => [`m${from + i}`, from + i + 1])), START);
    }
    const kept = (BOARD_LIMIT / 5) * 4;
    const firstKept = BOARD_LIMIT + 1 - kept;
    expect(await counters.get(board, [`m${firstKept - 1}`, `m${firstKept}`, `m${BOARD_LIMIT}`], START)).toEqual([
      0,
      firstKept + 1,
      BOARD_LIMIT + 1,
    ]);
  });

  it('agrees with a plain sum over the events, whatever their order', async () => {
    const event = fc.record({
      member: fc.constantFrom('a', 'b', 'c', 'd', 'é', '😀'),
      amount: fc.integer({ min: 1, max: 7 }),
      halfLives: fc.integer({ min: 0, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 25 }), async (events) => {
        const board = newBoard();
        const now = START + 30 * HALF_LIFE;
        const expected = new Map<string, number>();
        for (const { member, amount, halfLives } of events) {
          await counters.add(board, one(member, amount), START + halfLives * HALF_LIFE);
          // Whole half-lives and small amounts: the sums are exact, so ties are ties.
          expected.set(member, (expected.get(member) ?? 0) + amount * 2 ** (halfLives - 30));
        }
        const ranked = [...expected]
          .map(([member, count]) => ({ member, count }))
          .filter(({ count }) => count >= FADED)
          .sort((a, b) => b.count - a.count || (a.member < b.member ? -1 : 1));
        expect(await counters.top(board, 100, now)).toEqual(ranked);
        expect(await counters.top(board, 2, now)).toEqual(ranked.slice(0, 2));
        expect(await counters.get(board, [...expected.keys()], now)).toEqual([...expected.values()]);
      }),
      { numRuns: 40 },
    );
  });
});
