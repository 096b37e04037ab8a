import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { readCounts } from '../../src/services/trending/rankings.js';
import { createTally } from '../../src/services/trending/tally.js';
import { liveAdapters } from '../helpers/liveAdapters.js';

const NOW = Date.UTC(2026, 5, 1);
const clock = () => NOW;

describe.each(liveAdapters())('what trends is counted over $name', ({ lack, open, name, disposeAll }) => {
  afterAll(disposeAll);

  it.skipIf(lack !== null)(`each person once, whichever nodes hear of them ${lack ?? ''}`, async () => {
    const first = await open();
    const nodes = [first, name === 'memory' ? first : await open()].map((live) => createTally({ ...live, clock }));
    const tenant = randomUUID();
    const acts = Array.from({ length: 300 }, (_, n) => ({
      itemId: `item-${n % 2}`,
      userId: `person-${n % 30}`,
      at: NOW - (n % 10),
      address: null,
    }));
    await Promise.all(nodes.flatMap((tally) => [tally.count(tenant, acts), tally.count(tenant, acts)]));
    for (const window of ['MINUTES_15', 'WEEK'] as const) {
      const { items, all } = await readCounts({ ...first, clock }, tenant, window);
      // Thirty people act on one of the two items each: the even ones on the first.
      expect(items.map(({ itemId }) => itemId).sort()).toEqual(['item-0', 'item-1']);
      for (const { recent, usual } of items) {
        expect(recent).toBeCloseTo(15, 3);
        expect(usual).toBeCloseTo(15, 3);
      }
      expect(all.recent).toBeCloseTo(30, 3);
    }
    await nodes[0]?.clear(tenant);
    expect(await readCounts({ ...first, clock }, tenant, 'HOUR')).toEqual({ items: [], all: { recent: 0, usual: 0 } });
    await nodes[0]?.count(tenant, acts.slice(0, 1));
    expect((await readCounts({ ...first, clock }, tenant, 'HOUR')).items).toHaveLength(1);
  });
});
