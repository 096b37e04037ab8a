import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fatigueSteps } from '../../../src/engine/fatigue.js';
import { growImpressions } from '../../../src/engine/live/impressions.js';
import { readPerson } from '../../../src/engine/person.js';
import { plantSnapshot } from '../../helpers/snapshot.js';

const MOST = 8;
const lists = fc.uniqueArray(
  fc.record({
    requestId: fc.uuid(),
    itemIds: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
    shownAt: fc.integer({ min: 0, max: 1_000 }),
  }),
  { selector: ({ shownAt }) => shownAt, maxLength: 30 },
);
const grow = (shown: Parameters<ReturnType<typeof growImpressions>['add']>[0][]) => {
  const impressions = growImpressions(MOST);
  for (const list of shown) impressions.add(list);
  return impressions;
};

describe('impressions', () => {
  it('are the counts of the newest lists, in whatever order and however often they came', () => {
    fc.assert(
      fc.property(
        lists.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: 2 * some.length })),
        ),
        ([shown, told]) => {
          const newest = [...shown].sort((a, b) => a.shownAt - b.shownAt).slice(-MOST);
          const counts = new Map<string, number>();
          for (const id of newest.flatMap(({ itemIds }) => itemIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
          const impressions = grow(told);
          expect(impressions.lists).toEqual(newest);
          expect(new Map([...impressions.counts].sort())).toEqual(new Map([...counts].sort()));
          expect(impressions.size).toBe([...counts.values()].reduce((sum, count) => sum + count, 0));
          expect(impressions.mark).toBe(grow(newest).mark);
        },
      ),
    );
  });

  it('change their mark when the fatigue of an item changes, and at no other time', () => {
    const impressions = growImpressions(50);
    const marks = Array.from({ length: 17 }, (_, n) => {
      impressions.add({ requestId: `${n}`, itemIds: ['a', `${n}`], shownAt: n });
      return impressions.mark;
    });
    const steps = marks.map((_, n) => fatigueSteps(n + 1));
    expect(new Set(marks).size).toBe(4);
    expect(marks.map((mark) => [...new Set(marks)].indexOf(mark))).toEqual(steps);
    impressions.forgetBefore(14);
    expect(impressions.mark).toBe(0);
    expect([...impressions.counts].sort()).toEqual([
      ['14', 1],
      ['15', 1],
      ['16', 1],
      ['a', 3],
    ]);
  });

  it('count since the last action on the item', () => {
    const { snapshot } = plantSnapshot();
    const shown = growImpressions(50);
    const [item, other] = ['horror-001', 'horror-002'];
    for (let n = 0; n < 6; n++) shown.add({ requestId: `${n}`, itemIds: [item, other, 'unknown'], shownAt: 10 * n });
    const dense = (...moments: readonly number[]) => {
      const events = moments.map((occurredAt) => ({ itemId: item, action: 'VIEW' as const, value: null, occurredAt }));
      const { impressions } = readPerson(events, snapshot, shown);
      return [item, other].map((id) => impressions.get(snapshot.items.indexOf(id)));
    };
    expect(dense()).toEqual([6, 6]);
    expect(dense(25, 5)).toEqual([3, 6]);
    expect(dense(50)).toEqual([undefined, 6]);
    expect(readPerson([], snapshot, shown).impressions.size).toBe(2);
  });
});
