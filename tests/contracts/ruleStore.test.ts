import { expect, it } from 'vitest';
import type { RuleDraft } from '../../src/domain/businessRule.js';
import { newTenant } from '../helpers/events.js';
import { ruleDraft } from '../helpers/rules.js';
import { eachDatabase } from '../helpers/stores.js';

let now = Date.UTC(2026, 0, 1);
const tick = () => {
  now += 1_000;
  return new Date(now);
};

const FULL: RuleDraft = {
  id: 'a "full" one, ünï',
  kind: 'BOOST',
  target: {
    ids: ['i1', 'i "2"', 'NULL'],
    kind: ['film'],
    category: ['horror', 'comedy'],
    tagsAny: ['a,b', '{c}'],
    tagsAll: ['d'],
    authorId: ['ann'],
  },
  surfaces: ['home', 'feed'],
  weight: 1.1,
  position: null,
  priority: -3,
  startsAt: new Date(1_700_000_000_123),
  endsAt: new Date(1_800_000_000_456),
};

eachDatabase(
  'RuleStore',
  (database) => {
    const rules = () => database.stores().rules;

    it('keeps every member, in the order of the ids', async () => {
      const tenant = newTenant();
      const createdAt = tick();
      const pin = ruleDraft('Z', { kind: 'PIN', position: 7, weight: null });
      expect(await rules().upsert(tenant, FULL)).toEqual({ ...FULL, createdAt, updatedAt: createdAt });
      await rules().upsert(tenant, pin);
      const times = { createdAt, updatedAt: createdAt };
      expect(await rules().list(tenant)).toEqual([
        { ...pin, ...times },
        { ...FULL, ...times },
      ]);
    });

    it('replaces a rule as a whole, but for when it was made', async () => {
      const tenant = newTenant();
      const createdAt = tick();
      await rules().upsert(tenant, FULL);
      const updatedAt = tick();
      const plain = ruleDraft(FULL.id, { kind: 'EXCLUDE' });
      expect(await rules().upsert(tenant, plain)).toEqual({ ...plain, createdAt, updatedAt });
      expect(await rules().list(tenant)).toEqual([{ ...plain, createdAt, updatedAt }]);
    });

    it('takes one rule under one id when several write it at once', async () => {
      const tenant = newTenant();
      await Promise.all(Array.from({ length: 8 }, (_, n) => rules().upsert(tenant, ruleDraft('x', { priority: n }))));
      expect(await rules().list(tenant)).toHaveLength(1);
    });

    it('deletes, once', async () => {
      const tenant = newTenant();
      await rules().upsert(tenant, FULL);
      expect(await rules().delete(tenant, FULL.id)).toBe(true);
      expect(await rules().delete(tenant, FULL.id)).toBe(false);
      expect(await rules().list(tenant)).toEqual([]);
    });

    it('keeps tenants apart', async () => {
      const [mine, theirs] = [newTenant(), newTenant()];
      await rules().upsert(mine, FULL);
      await rules().upsert(theirs, ruleDraft(FULL.id, { priority: 9 }));
      expect((await rules().list(mine)).map(({ priority }) => priority)).toEqual([-3]);
      expect(await rules().delete(theirs, FULL.id)).toBe(true);
      expect(await rules().list(mine)).toHaveLength(1);
      expect(await rules().list(newTenant())).toEqual([]);
    });

    it('forgets an erased author, and a rule that was about them alone', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const about = (id: string, ...authorId: string[]) => ruleDraft(id, {}, { authorId });
      await rules().upsert(tenant, about('theirs', 'ann'));
      await rules().upsert(tenant, about('both', 'bob', 'ann'));
      await rules().upsert(tenant, about('another', 'bob'));
      await rules().upsert(other, about('elsewhere', 'ann'));
      expect(await database.stores().entities.eraseUser(tenant, 'ann')).toBe(true);
      const left = (await rules().list(tenant)).map(({ id, target }) => [id, target.authorId]);
      expect(left).toEqual([
        ['another', ['bob']],
        ['both', ['bob']],
      ]);
      expect(await rules().list(other)).toHaveLength(1);
    });
  },
  { clock: () => now },
);
