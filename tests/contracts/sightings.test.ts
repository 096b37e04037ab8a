import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SIGHTINGS_LIMIT, type Sightings } from '../../src/store/ports/sightings.js';
import { liveAdapters } from '../helpers/liveAdapters.js';

describe.each(liveAdapters())('sightings: $name', ({ lack, open, disposeAll }) => {
  let sightings: Sightings;
  beforeAll(async () => {
    if (lack === null) sightings = (await open()).sightings;
  });
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));
  afterAll(disposeAll);

  it('tell when a key was seen before, in one call and over several', async () => {
    const scope = randomUUID();
    const call = [
      { key: 'a', at: 10 },
      { key: 'b', at: 20 },
      { key: 'a', at: 30 },
    ];
    expect(await sightings.see(scope, call)).toEqual([null, null, 10]);
    expect(await sightings.see(scope, [{ key: 'a', at: 40 }])).toEqual([30]);
    expect(await sightings.see(scope, [])).toEqual([]);
  });

  it('keep the latest moment, whatever the order in which moments are told', async () => {
    const scope = randomUUID();
    await sightings.see(scope, [{ key: 'a', at: 1_767_225_600_123 }]);
    expect(await sightings.see(scope, [{ key: 'a', at: 5 }])).toEqual([1_767_225_600_123]);
    expect(await sightings.see(scope, [{ key: 'a', at: 6 }])).toEqual([1_767_225_600_123]);
  });

  it('keep scopes apart, and forget one whole', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await sightings.see(one, [{ key: 'a', at: 1 }]);
    await sightings.see(other, [{ key: 'a', at: 2 }]);
    await sightings.clear(one);
    expect(await sightings.see(one, [{ key: 'a', at: 3 }])).toEqual([null]);
    expect(await sightings.see(other, [{ key: 'a', at: 3 }])).toEqual([2]);
  });

  it('let one of many who see the same key at once be the first', async () => {
    const scope = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => sightings.see(scope, [{ key: 'a', at: 1 }])));
    expect(answers.flat().filter((last) => last === null)).toHaveLength(1);
  });

  it('are bounded: those seen longest ago go first', async () => {
    const scope = randomUUID();
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ key: `k${from + i}`, at: from + i + 1 }));
    for (let from = 0; from < SIGHTINGS_LIMIT; from += 50_000) await sightings.see(scope, many(from, 50_000));
    await sightings.see(scope, many(SIGHTINGS_LIMIT, 10));
    expect(await sightings.see(scope, [{ key: `k${SIGHTINGS_LIMIT - 1}`, at: 1e9 }])).toEqual([SIGHTINGS_LIMIT]);
    expect(await sightings.see(scope, [{ key: 'k0', at: 1e9 }])).toEqual([null]);
    await sightings.clear(scope);
  });
});
