import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import { silentLog } from '../../src/domain/log.js';
import { createSearchIndexes } from '../../src/engine/search/searchIndexes.js';
import { createCachedEntities } from '../../src/store/cached/entityStore.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { liveAdapters } from '../helpers/liveAdapters.js';
import { eachDatabase } from '../helpers/stores.js';

/** A second is promised; a busy machine may take longer, and no test measures time. */

eachDatabase('search of two nodes', ({ stores }) => {
  describe.each(liveAdapters())('over $name', ({ lack, open, name, disposeAll }) => {
    afterAll(disposeAll);

    it.skipIf(lack !== null)(`finds on each what was written on either ${lack ?? ''}`, async () => {
      const tenant = randomUUID();
      const shared = await open();
      const node = async () => {
        const { cache, pubSub } = name === 'memory' ? shared : await open();
        const parts = { cache, pubSub, newId: randomUUID, clock: systemClock, log: silentLog };
        const entities = createCachedEntities(stores().entities, parts);
        const indexes = createSearchIndexes({
          ...parts,
          registry: { current: () => null },
          entities,
          feed: entities.feed,
          createIndex: createExactIndex,
          textEncoder: null,
          language: 'en',
        });
        const find = async (query: string) => {
          const { index } = await indexes.of(tenant);
          const { items } = await index.search({ query, filter: null, exclusions: [] });
          return items.map(({ id }) => id);
        };
        return { entities, indexes, find };
      };
      await stores().entities.upsertItems(
        tenant,
        Array.from({ length: 50 }, (_, at) => ({ id: `old-${at}`, kind: 'lens', title: `Old lens ${at}` })),
      );
      const [here, there] = [await node(), await node()];
      for (const { find } of [here, there]) expect(await find('old')).toHaveLength(50);

      for (const [at, writer] of [here, there, here].entries()) {
        const id = `fox-${at}`;
        await writer.entities.upsertItems(tenant, [{ id, kind: 'lens', title: 'Fox Ears', tags: [`made${at}`] }]);
        for (const { find } of [here, there]) await expect.poll(() => find(`made${at}`)).toEqual([id]);
      }
      await there.entities.upsertItems(tenant, [{ id: 'fox-0', kind: 'lens', title: 'Badger' }]);
      for (const { find } of [here, there]) {
        await expect.poll(() => find('badger')).toEqual(['fox-0']);
        expect((await find('fox ears')).sort()).toEqual(['fox-1', 'fox-2']);
      }
      await here.entities.hideItem(tenant, 'fox-1');
      for (const { find } of [here, there]) await expect.poll(() => find('fox')).toEqual(['fox-2']);

      for (const { indexes, entities } of [here, there]) {
        await indexes.dispose();
        await entities.dispose();
      }
    });
  });
});
