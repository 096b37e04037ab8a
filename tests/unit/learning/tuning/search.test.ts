import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/domain/clock.js';
import { seededRandom } from '../../../../src/domain/random.js';
import { dealBudget } from '../../../../src/learning/tuning/budget.js';
import { drawArms, type SearchSpace } from '../../../../src/learning/tuning/space.js';
import { leadsClearly, successiveHalving } from '../../../../src/learning/tuning/successiveHalving.js';

interface Parameters {
  readonly size: number;
  readonly power: number | null;
  readonly fixed: string;
}
const space: SearchSpace<Parameters> = { size: [1, 2, 3], power: [null, 0.5] };
const start: Parameters = { size: 2, power: 0.25, fixed: 'as it is' };

describe('arms', () => {
  it('differ from each other and from what was tried, and change only what is searched, to values of its list', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const tried = new Set<string>();
        const arms = drawArms(space, start, 4, tried, seededRandom(seed));
        const again = drawArms(space, start, 4, tried, seededRandom(seed + 1));
        expect(arms[0]).toBe(start);
        const drawn = [...arms.slice(1), ...again.slice(1)];
        expect(new Set(drawn.map((arm) => JSON.stringify(arm))).size).toBe(drawn.length);
        for (const { size, power, fixed } of drawn) {
          expect([1, 2, 3]).toContain(size);
          expect([null, 0.5, 0.25]).toContain(power);
          expect(fixed).toBe('as it is');
        }
        expect(drawArms(space, start, 4, new Set(), seededRandom(seed))).toEqual(arms);
      }),
    );
  });

  it('run out when everything was tried', () => {
    const tried = new Set<string>();
    const all = drawArms(space, start, 100, tried, seededRandom(1));
    // Three sizes times three powers, the one it starts with among them.
    expect(all).toHaveLength(9);
    expect(drawArms(space, start, 100, tried, seededRandom(2))).toEqual([start]);
  });
});

describe('successive halving', () => {
  const people = (value: number) => Float64Array.from({ length: 40 }, (_, person) => value + (person % 2) * 0.001);

  it('spends the resource on the better half, and ends with the best arm', async () => {
    const tried: [arm: number, share: number][] = [];
    const found = await successiveHalving({
      arms: [3, 0, 7, 1, 6, 2, 5, 4],
      shares: [0.25, 0.5, 1],
      trial: async (arm, share) => {
        tried.push([arm, share]);
        return people(arm * share);
      },
    });
    expect(found?.arm).toBe(7);
    expect(found?.firstMean).toBeCloseTo(3.0005, 9);
    const at = (share: number) => tried.filter(([, own]) => own === share).map(([arm]) => arm);
    expect(at(0.25)).toHaveLength(8);
    // What is used today is never dropped.
    expect(at(0.5)).toEqual([3, 7, 6, 5]);
    expect(at(1)).toEqual([3, 7]);
  });

  it('keeps what is used today unless another arm leads by more than the noise', async () => {
    const noisy = (arm: number) =>
      Float64Array.from({ length: 40 }, (_, person) => (person % 2 === arm % 2 ? 1 : 0) + arm * 0.01);
    const trial = async (arm: number) => noisy(arm);
    expect((await successiveHalving({ arms: [0, 1], shares: [1], trial }))?.arm).toBe(0);
    expect((await successiveHalving({ arms: [0, 2], shares: [1], trial }))?.arm).toBe(2);
    expect(leadsClearly(Float64Array.of(1, 1), Float64Array.of(1, 1))).toBe(false);
    expect(leadsClearly(Float64Array.of(2, 2), Float64Array.of(1, 1))).toBe(true);
    expect(leadsClearly(Float64Array.of(0, 2), Float64Array.of(0, 0))).toBe(false);
  });

  it('decides nothing when the trials end first', async () => {
    let left = 9;
    const trial = async (arm: number) => (left-- > 0 ? people(arm) : null);
    expect(await successiveHalving({ arms: [0, 1, 2, 3, 4, 5, 6, 7], shares: [0.5, 1], trial })).toBeNull();
  });
});

describe('a budget', () => {
  const spendAll = (purse: { spend(): boolean }, most = 1000) => {
    let trials = 0;
    while (trials < most && purse.spend()) trials++;
    return trials;
  };

  it('of trials is dealt out evenly; what one leaves the later ones share', () => {
    const next = dealBudget({ trials: 20 }, 4, () => 0);
    expect(spendAll(next())).toBe(5);
    expect(spendAll(next(), 1)).toBe(1);
    expect(spendAll(next())).toBe(7);
    expect(spendAll(next())).toBe(7);
  });

  it('of minutes ends by the clock', () => {
    let now = 1_000;
    const next = dealBudget({ minutes: 4 }, 2, () => now);
    const first = next();
    now += 1.5 * MINUTE_MS;
    expect(first.spend()).toBe(true);
    now += MINUTE_MS;
    expect(first.spend()).toBe(false);
    const second = next();
    now += MINUTE_MS;
    expect(second.spend()).toBe(true);
    now += MINUTE_MS;
    expect(second.spend()).toBe(false);
  });
});
