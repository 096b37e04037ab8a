import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { Log } from '../../src/domain/log.js';
import { PEOPLE_SURFACE, type ShownList } from '../../src/domain/shown.js';
import { newTenant } from '../helpers/events.js';
import { eachDatabase } from '../helpers/stores.js';

const lineSchema = z.object({ requestId: z.string(), count: z.number() });
const errors: z.infer<typeof lineSchema>[] = [];
const log: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (line: unknown) => void errors.push(lineSchema.parse(line)),
};

beforeEach(() => {
  errors.length = 0;
});

eachDatabase(
  'ShownLog',
  (database) => {
    const shownLog = () => database.stores().shownLog;
    const listOf = (tenant: string, requestId: string, members: Partial<ShownList> = {}): ShownList => ({
      tenant,
      requestId,
      userId: 'u',
      sessionId: 's',
      surface: 'home',
      modelVersion: 'm1',
      variant: 'b',
      degraded: 'POPULAR',
      context: { device: 'phone' },
      itemIds: ['i1', 'i "2"', 'NULL'],
      scores: [0.5, 0.25, 0],
      propensities: [1, 0.125, 1],
      sources: ['als', 'als', 'fresh'],
      features: { names: ['age', 'taste'], values: Float32Array.of(0.1, -1, 0, 1e-30, 3, 4) },
      createdAt: 1_700_000_000_123,
      ...members,
    });
    const rows = (tenant: string) =>
      database.sql('SELECT * FROM recommendation_requests WHERE tenant = $1 ORDER BY request_id', [tenant]);

    it('writes every member', async () => {
      const tenant = newTenant();
      shownLog().record(listOf(tenant, 'r'));
      shownLog().record(
        listOf(tenant, 's', {
          sessionId: null,
          variant: null,
          context: null,
          itemIds: [],
          scores: [],
          propensities: [],
          sources: [],
          features: null,
        }),
      );
      await shownLog().flush();
      const full = {
        tenant,
        request_id: 'r',
        user_id: 'u',
        session_id: 's',
        surface: 'home',
        model_version: 'm1',
        variant: 'b',
        degraded: 'POPULAR',
        context: { device: 'phone' },
        item_ids: ['i1', 'i "2"', 'NULL'],
        scores: [0.5, 0.25, 0],
        propensities: [1, 0.125, 1],
        sources: ['als', 'als', 'fresh'],
        feature_names: ['age', 'taste'],
        features: Buffer.from(Float32Array.of(0.1, -1, 0, 1e-30, 3, 4).buffer),
        created_at: new Date(1_700_000_000_123),
      };
      const none = {
        session_id: null,
        variant: null,
        context: null,
        item_ids: [],
        scores: [],
        propensities: [],
        sources: [],
        feature_names: [],
        features: null,
      };
      expect(await rows(tenant)).toEqual([full, { ...full, ...none, request_id: 's' }]);
      expect(errors).toEqual([]);
    });

    it('writes behind, without being told to', async () => {
      const tenant = newTenant();
      shownLog().record(listOf(tenant, 'r'));
      await expect.poll(async () => (await rows(tenant)).length).toBe(1);
    });

    it('keeps the first list of a request, for each tenant', async () => {
      const [a, b] = [newTenant(), newTenant()];
      shownLog().record(listOf(a, 'r', { surface: 'first' }));
      shownLog().record(listOf(a, 'r', { surface: 'second' }));
      shownLog().record(listOf(b, 'r', { surface: 'other' }));
      await shownLog().flush();
      shownLog().record(listOf(a, 'r', { surface: 'third' }));
      await shownLog().flush();
      expect((await rows(a)).map((row) => row.surface)).toEqual(['first']);
      expect((await rows(b)).map((row) => row.surface)).toEqual(['other']);
      expect(errors).toEqual([]);
    });

    it('loses only the list that cannot be stored, and says so', async () => {
      const tenant = newTenant();
      for (const id of ['a', 'b', 'c', 'd']) {
        shownLog().record(listOf(tenant, id, id === 'c' ? { surface: 'nul\0' } : {}));
      }
      await shownLog().flush();
      expect((await rows(tenant)).map((row) => row.request_id)).toEqual(['a', 'b', 'd']);
      await expect.poll(() => errors).toEqual([{ requestId: 'c', count: 1 }]);
    });

    it('holds a bounded number of lists, and says what it loses', async () => {
      const tenant = newTenant();
      const asked = 10_007;
      for (let n = 0; n < asked; n++) shownLog().record(listOf(tenant, `r${n}`, { itemIds: ['i'], scores: [1] }));
      await shownLog().flush();
      const written = (await rows(tenant)).length;
      expect(written).toBeLessThan(asked);
      expect(errors.reduce((sum, line) => sum + line.count, written)).toBe(asked);
      expect(errors.length).toBeLessThan(asked - written);
    });

    it('answers the newest lists of each person, in order', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const at = 1_700_000_000_000;
      const show = (userId: string, requestId: string, createdAt: number, of = tenant) =>
        shownLog().record(listOf(of, requestId, { userId, createdAt, itemIds: [requestId, 'x'] }));
      show('ann', 'late', at + 7);
      show('ann', 'first', at + 1);
      show('ann', 'early', at - 1);
      show('ann', 'second', at + 2);
      show('bob', 'his', at);
      show('ann', 'elsewhere', at + 9, other);
      const people = { userId: 'ann', surface: PEOPLE_SURFACE, createdAt: at + 10 };
      shownLog().record(listOf(tenant, 'people', people));
      await shownLog().flush();
      const glimpse = (requestId: string, shownAt: number) => ({ requestId, itemIds: [requestId, 'x'], shownAt });
      expect(await shownLog().newest(tenant, ['bob', 'nobody', 'ann', 'bob'], at, 2)).toEqual([
        [glimpse('his', at)],
        [],
        [glimpse('late', at + 7), glimpse('second', at + 2)],
        [glimpse('his', at)],
      ]);
      expect(await shownLog().newest(tenant, [], at, 2)).toEqual([]);
    });

    it('takes a flood larger than a group', async () => {
      const tenant = newTenant();
      for (let n = 0; n < 1_300; n++) shownLog().record(listOf(tenant, `r${n}`));
      await shownLog().flush();
      expect(await rows(tenant)).toHaveLength(1_300);
    });
  },
  { log },
);
