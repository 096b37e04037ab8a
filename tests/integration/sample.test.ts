import { expect, it } from 'vitest';
import { HOUR_MS } from '../../src/domain/clock.js';
import { loadSample } from '../../src/sample/load.js';
import { eachDatabase } from '../helpers/stores.js';

const quiet = { update() {}, done() {}, failed() {} };
let now = Date.UTC(2026, 5, 1, 12, 34, 56);
const clock = () => now;

eachDatabase(
  'the sample world in a database',
  ({ stores }) => {
    it('is complete, and loading it again hours later changes nothing', async () => {
      const options = { stores: stores(), tenant: 't', users: 120, items: 90, seed: 7, clock, progress: quiet };
      const loaded = await loadSample(options);
      expect(loaded).toMatchObject({ users: 120, items: 90, posts: 20 });
      expect(await stores().eventLog.count('t', now)).toBe(loaded.events);
      expect(loaded.events).toBeGreaterThan(2_000);
      const state = async () => [
        await stores().entities.users('t', ['user-1', 'user-120', 'user-121']),
        await stores().entities.items('t', ['lens-1', 'lens-90', 'lens-91']),
        await stores().entities.popularItems('t', 100),
        await stores().eventLog.history('t', 'user-1', 100, null),
        await stores().posts.posts('t', null, ['post-1', 'post-20', 'post-21']),
        await stores().feed.followed('t', 'user-1', 0, 100),
      ];
      const before = await state();
      now += 5 * HOUR_MS;
      expect(await loadSample(options)).toEqual({ ...loaded, events: 0 });
      expect(await state()).toEqual(before);
    });

    it('of two seeds is two worlds', async () => {
      const options = { stores: stores(), users: 20, items: 20, clock, progress: quiet };
      await loadSample({ ...options, tenant: 'a', seed: 1 });
      await loadSample({ ...options, tenant: 'b', seed: 2 });
      const [a] = await stores().entities.users('a', ['user-1']);
      const [b] = await stores().entities.users('b', ['user-1']);
      expect(a?.name).not.toBe(b?.name);
    });
  },
  { clock },
);
