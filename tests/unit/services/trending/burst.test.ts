import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burst, gammaQuantile, type Tallies } from '../../../../src/services/trending/burst.js';

/** `recent` people in the window, `before` in each of the 23 before it. */
const tallies = (recent: number, before: number): Tallies => ({ recent, usual: recent + 23 * before });
const WORLD = tallies(500, 500);
const score = (recent: number, before: number, all = WORLD) => burst(tallies(recent, before), all)?.score ?? 0;

describe('burst', () => {
  it('lets what rises stand before what is big, and two people on a new item before nothing', () => {
    expect(score(1_000, 1_000, tallies(2_000, 2_000))).toBe(0);
    expect(score(2, 0)).toBe(0);
    expect(score(3, 0)).toBeGreaterThan(0);
    expect(score(30, 3)).toBeGreaterThan(score(3, 0));
    expect(score(30, 3)).toBeGreaterThan(score(1_150, 1_000));
    expect(score(30, 3)).toBeGreaterThan(1);
  });

  it('says how much more people there are than usual', () => {
    expect(burst(tallies(30, 10), WORLD)).toMatchObject({ expected: 10 });
    expect(burst(tallies(30, 10), WORLD)?.change).toBeCloseTo(2, 10);
    expect(burst(tallies(12, 0), WORLD)?.change).toBe(12);
  });

  it('takes a busy hour of everything for no rise of one, and a quiet one for no fall of what is usual', () => {
    expect(score(200, 100)).toBeGreaterThan(0);
    expect(score(200, 100, tallies(10_000, 5_000))).toBe(0);
    expect(score(100, 100, tallies(1_000, 5_000))).toBe(0);
  });

  it('does not count an item among the traffic that it rises against', () => {
    expect(score(100, 0, tallies(100, 0))).toBe(score(100, 0, tallies(100, 0)));
    expect(score(1_000, 100, tallies(1_000, 100))).toBeCloseTo(score(1_000, 100, tallies(1_500, 600)), 10);
  });

  it('falls with more people before, and rises with more people now', () => {
    const people = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(people, people, people, fc.integer({ min: 0, max: 50_000 }), (recent, before, more, others) => {
        const all = (now: number, then: number) => tallies(others + now, others + then);
        const base = burst(tallies(recent, before), all(recent, before))?.score ?? 0;
        const later = burst(tallies(recent + more, before), all(recent + more, before))?.score ?? 0;
        const bigger = burst(tallies(recent, before + more), all(recent, before + more))?.score ?? 0;
        expect(later).toBeGreaterThanOrEqual(base);
        expect(bigger).toBeLessThanOrEqual(base);
        expect(Number.isFinite(later)).toBe(true);
      }),
    );
  });

  it('has quantiles of the Gamma distribution', () => {
    // From tables of χ²: the 5 % and 95 % points of 20 degrees of freedom, halved.
    expect(gammaQuantile(10, -1.645)).toBeCloseTo(10.851 / 2, 1);
    expect(gammaQuantile(10, 1.645)).toBeCloseTo(31.41 / 2, 1);
    expect(gammaQuantile(2.5, -1.645)).toBeCloseTo(1.1455 / 2, 1);
    expect(gammaQuantile(0.5, -1.645)).toBeCloseTo(0, 6);
  });
});
