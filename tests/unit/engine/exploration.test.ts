import { afterEach, describe, expect, it } from 'vitest';
import type { Candidates } from '../../../src/domain/candidates.js';
import { DAY_MS } from '../../../src/domain/clock.js';
import { silentLog } from '../../../src/domain/log.js';
import { normal, type Random, seededRandom } from '../../../src/domain/random.js';
import { AUTHOR_SHOWN, exposure, SHOWN, TOOK_TO } from '../../../src/engine/hydrators/exposure.js';
import { createExposures, type Exposures } from '../../../src/engine/live/exposures.js';
import { chancesToBeBest } from '../../../src/engine/rerankers/thompson.js';
import { dealTrials } from '../../../src/engine/rerankers/trials.js';
import { fresh } from '../../../src/engine/sources/fresh.js';
import { openMemory } from '../../../src/store/memory/open.js';
import { queryOf } from '../../helpers/query.js';
import { plantSnapshot, START } from '../../helpers/snapshot.js';

const { snapshot } = plantSnapshot({ itemsPerGroup: 40 });

/** A number with a gamma distribution of a whole shape and scale 1. */
const gamma = (shape: number, random: Random) => {
  let sum = 0;
  for (let n = 0; n < shape; n++) sum -= Math.log(1 - random());
  return sum;
};

describe('chances to be best', () => {
  const chances = (...posteriors: readonly (readonly [number, number])[]) =>
    Array.from(
      chancesToBeBest(
        Float64Array.from(posteriors, ([a]) => a),
        Float64Array.from(posteriors, ([, b]) => b),
      ),
    );

  it('are the shares of the times that a draw from a posterior is the largest', () => {
    const random = seededRandom(1);
    for (const posteriors of [
      [
        [1, 1],
        [2, 1],
      ],
      [
        [1, 20],
        [3, 40],
        [2, 12],
        [10, 300],
      ],
      [
        [5, 5],
        [50, 50],
        [1, 9],
      ],
    ] as const) {
      const draws = 40_000;
      const wins = posteriors.map(() => 0);
      for (let n = 0; n < draws; n++) {
        const drawn = posteriors.map(([a, b]) => {
          const x = gamma(a, random);
          return x / (x + gamma(b, random));
        });
        const best = drawn.indexOf(Math.max(...drawn));
        wins[best] = (wins[best] ?? 0) + 1;
      }
      chances(...posteriors).forEach((chance, at) => {
        expect(Math.abs(chance - (wins[at] ?? 0) / draws)).toBeLessThan(0.015);
      });
    }
  });

  it('sum to one, and are even where nothing is known', () => {
    expect(chances([0.3, 9], [0.3, 9], [0.3, 9]).map((chance) => chance.toFixed(6))).toEqual(Array(3).fill('0.333333'));
    const random = seededRandom(2);
    const many = Array.from({ length: 16 }, () => [Math.exp(normal(random)), 20 * Math.exp(normal(random))] as const);
    expect(chances(...many).reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
    expect(chances([3, 4])).toEqual([1]);
  });

  it('favour what is uncertain over what is known to be as good', () => {
    const [uncertain = 0, known = 0] = chances([1, 9], [100, 900]);
    expect(uncertain).toBeLessThan(0.5);
    const [a = 0, , b = 0] = chances([1, 9], [100, 900], [200, 1_800]);
    expect(a).toBeGreaterThan(b / 2);
    expect(known).toBeGreaterThan(0);
  });
});

describe('trials', () => {
  const items = Int32Array.from({ length: 40 }, (_, at) => at);
  const dealt = (authors: (row: number) => number, shown: (row: number) => number, count = 2) => {
    const columns = new Map([
      [SHOWN, Float32Array.from(items, (_, row) => shown(row))],
      [TOOK_TO, new Float32Array(items.length)],
      [AUTHOR_SHOWN, Float32Array.from(items, (_, row) => authors(row))],
    ]);
    const candidates: Candidates = { items, sources: [], columns };
    return dealTrials(candidates, new Float32Array(items.length).fill(0.1), items, count);
  };

  it('give no item to two places, and none that is known', () => {
    const pools = dealt(
      (row) => (row % 2 === 0 ? 1_000 : 5),
      (row) => (row < 10 ? 100 : 3),
    );
    const rows = pools.flatMap((pool) => [...(pool?.rows ?? [])]);
    expect(new Set(rows).size).toBe(rows.length);
    expect(Math.min(...rows)).toBe(10);
    for (const pool of pools) expect(pool?.chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
  });

  it('give half to authors who were hardly shown, however few they are', () => {
    const [pool] = dealt(
      (row) => (row === 39 ? 0 : 5_000),
      () => 0,
      1,
    );
    const at = pool?.rows.indexOf(39) ?? -1;
    expect(pool?.chances[at]).toBeGreaterThan(0.5);
    expect(pool?.rows).toHaveLength(9);
  });

  it('are none where all is known', () => {
    expect(
      dealt(
        () => 0,
        () => 100,
      ),
    ).toEqual([null, null]);
  });

  it('give less to what was shown and not taken to', () => {
    const [pool] = dealt(
      () => 5_000,
      (row) => (row === 0 ? 90 : 0),
      1,
    );
    expect(pool?.chances[0]).toBeLessThan(0.02);
    expect(pool?.chances[1]).toBeGreaterThan(0.1);
  });
});

describe('the fresh source', () => {
  const asked = (turn: number, share = 0.05) => queryOf(snapshot, { chance: { share, seed: 1, turn } });
  const uncertain = snapshot.items.ids.filter((_, item) => (snapshot.items.popularity[item] ?? 0) < 10);

  it('finds the newest, and in turn every uncertain item, none twice and none that is masked', async () => {
    const source = fresh();
    const found = new Set<string>();
    const newest = [...uncertain].sort((a, b) => (a.slice(-3) < b.slice(-3) ? -1 : 1)).slice(0, 3);
    for (let turn = 0; turn < 40; turn++) {
      const { items } = await source.fetch(asked(turn));
      expect(new Set(items).size).toBe(items.length);
      expect(items.length).toBeLessThanOrEqual(source.quota);
      const ids = Array.from(items, (item) => snapshot.items.ids[item] ?? '');
      expect(ids.slice(0, 3).sort()).toEqual([...newest].sort());
      for (const id of ids) found.add(id);
    }
    expect([...found].sort()).toEqual([...uncertain].sort());
    const out = new Set([...found].slice(0, 5).map((id) => snapshot.items.indexOf(id)));
    const masked = queryOf(snapshot, { chance: { share: 0.05, seed: 1, turn: 3 }, excluded: out });
    const { items } = await source.fetch(masked);
    expect(items.some((item) => out.has(item))).toBe(false);
  });

  it('rests while nothing is left to chance', () => {
    expect(fresh().enabled(asked(0, 0))).toBe(false);
    expect(fresh().enabled(asked(0))).toBe(true);
  });
});

describe('exposures', () => {
  const open: Exposures[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.dispose()));
  });
  const setUp = () => {
    const world = { now: START, away: false };
    const { counters } = openMemory({ clock: () => world.now });
    const failing = async () => {
      throw new Error('away');
    };
    const node = () => {
      const exposures = createExposures({
        counters: {
          ...counters,
          get: (...parts) => (world.away ? failing() : counters.get(...parts)),
          add: (...parts) => (world.away ? failing() : counters.add(...parts)),
          remove: (...parts) => (world.away ? failing() : counters.remove(...parts)),
        },
        clock: () => world.now,
        log: silentLog,
      });
      open.push(exposures);
      return exposures;
    };
    return { world, node };
  };
  const counts = async (exposures: Exposures, tenant = 't') => {
    const { shown, tookTo, authors } = await exposures.read(tenant, ['a', 'b'], ['ann']);
    return [...shown, ...tookTo, ...authors];
  };
  const like = (itemId: string) => ({
    tenant: 't',
    eventId: 'e',
    userId: 'u',
    target: { itemId },
    action: 'LIKE' as const,
    value: null,
    durationMs: null,
    requestId: null,
    position: null,
    context: null,
    occurredAt: START,
  });

  it('are known to all nodes a little later, by tenant, and fade', async () => {
    const { world, node } = setUp();
    const [here, there] = [node(), node()];
    here.shown('t', ['a', 'b'], ['ann', null]);
    here.shown('t', ['a'], ['ann']);
    here.tookTo('t', [like('b'), { ...like('a'), action: 'SKIP' }, { ...like('a'), target: { userId: 'a' } }]);
    await expect
      .poll(() => {
        world.now += 5_000;
        return counts(there).then((all) => all.map(Math.round));
      })
      .toEqual([2, 1, 0, 1, 2]);
    expect(await counts(there, 'u')).toEqual([0, 0, 0, 0, 0]);
    world.now += 7 * DAY_MS;
    expect((await counts(there)).map((count) => Number(count.toFixed(2)))).toEqual([1, 0.5, 0, 0.5, 1]);
  });

  it('are believed for some seconds, so that the counters are not asked each time', async () => {
    const { world, node } = setUp();
    const here = node();
    await counts(here);
    world.away = true;
    world.now += 59_999;
    expect(await counts(here)).toEqual([0, 0, 0, 0, 0]);
    world.now += 1;
    await expect(counts(here)).rejects.toThrow('away');
  });

  it('are read anew behind the answer once they are some seconds old', async () => {
    const { world, node } = setUp();
    const [here, there] = [node(), node()];
    await counts(here);
    there.shown('t', ['a'], [null]);
    await there.dispose();
    world.now += 4_999;
    expect(await counts(here)).toEqual([0, 0, 0, 0, 0]);
    world.now += 1;
    expect(await counts(here)).toEqual([0, 0, 0, 0, 0]);
    await expect.poll(() => counts(here).then((all) => all.map(Math.round))).toEqual([1, 0, 0, 0, 0]);
  });

  it('lose little while the counters are away', async () => {
    const { world, node } = setUp();
    const here = node();
    world.away = true;
    here.shown('t', ['a'], [null]);
    await here.dispose();
    world.away = false;
    here.shown('t', ['a'], [null]);
    await here.dispose();
    expect(await counts(here)).toEqual([1, 0, 0, 0, 0]);
  });

  it('forget an author, if need be later', async () => {
    const { world, node } = setUp();
    const here = node();
    here.shown('t', ['a'], ['ann']);
    await here.dispose();
    here.shown('t', ['a'], ['ann']);
    world.away = true;
    await here.forgetAuthor('t', 'ann');
    world.away = false;
    await here.dispose();
    expect((await counts(node())).at(-1)).toBe(0);
  });

  it('are columns of uncertain candidates, and of no others', async () => {
    const { node } = setUp();
    const here = node();
    const [sure, unsure, bare] = ['horror-000', 'horror-039', 'horror-038'].map((id) => snapshot.items.indexOf(id));
    here.shown('acme', ['horror-039', 'horror-000'], ['author-0', null]);
    here.tookTo('acme', [like('horror-039')]);
    await here.dispose();
    const candidates = { items: Int32Array.of(sure ?? 0, unsure ?? 0, bare ?? 0), sources: [], columns: new Map() };
    const asked = queryOf(snapshot, { chance: { share: 0.05, seed: 1, turn: 0 } });
    const { columns } = await exposure(here).hydrate(asked, candidates);
    expect([...(columns.get(SHOWN) ?? [])]).toEqual([Number.NaN, 1, 0]);
    expect([...(columns.get(TOOK_TO) ?? [])]).toEqual([Number.NaN, 1, 0]);
    expect([...(columns.get(AUTHOR_SHOWN) ?? [])]).toEqual([Number.NaN, 1, 0]);
    expect((await exposure(here).hydrate(queryOf(snapshot), candidates)).columns.size).toBe(0);
  });
});
