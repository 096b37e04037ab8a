import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import { silentLog } from '../../src/domain/log.js';
import { createRuleBooks } from '../../src/engine/live/ruleBooks.js';
import { liveAdapters } from '../helpers/liveAdapters.js';
import { createFakeRules, ruleDraft } from '../helpers/rules.js';

describe.each(liveAdapters())('rules over $name', ({ lack, open, name, disposeAll }) => {
  afterAll(disposeAll);

  it.skipIf(lack !== null)(`that change on one node are obeyed by all ${lack ?? ''}`, async () => {
    const store = createFakeRules();
    const shared = await open();
    const node = async () => {
      const { cache, pubSub } = name === 'memory' ? shared : await open();
      return createRuleBooks({ store, cache, pubSub, newId: randomUUID, clock: systemClock, log: silentLog });
    };
    const nodes = [await node(), await node(), await node()];
    const known = () => Promise.all(nodes.map(async (one) => (await one.load('t')).rules.map(({ id }) => id)));
    expect(await known()).toEqual([[], [], []]);
    for (const id of ['a', 'b', 'c']) {
      await store.upsert('t', ruleDraft(id));
      await nodes[0]?.touch('t');
      const expected = (await store.list('t')).map((rule) => rule.id);
      // This node at once, the others as soon as they hear of it.
      expect((await nodes[0]?.load('t'))?.rules).toHaveLength(expected.length);
      await expect.poll(known).toEqual(nodes.map(() => expected));
    }
    for (const one of nodes) await one.dispose();
  });
});
