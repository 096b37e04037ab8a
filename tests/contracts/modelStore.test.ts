import { expect, it } from 'vitest';
import { newTenant } from '../helpers/events.js';
import { eachDatabase } from '../helpers/stores.js';

let now = Date.UTC(2026, 0, 1);
const tick = () => {
  now += 1_000;
  return new Date(now);
};

eachDatabase(
  'ModelStore',
  (database) => {
    const models = () => database.stores().models;
    const draft = (id: string) => ({
      id,
      parent: null,
      eventCount: 12,
      trainedUntil: new Date(5),
      manifest: { format: 1, nested: { list: [1.5, null, 'x'] } },
    });

    it('keeps what is registered, newest first', async () => {
      const tenant = newTenant();
      const first = tick();
      await models().register(tenant, draft('a'));
      const second = tick();
      await models().register(tenant, { ...draft('b'), parent: 'a' });
      const common = { status: 'REGISTERED', deployedAt: null };
      expect(await models().list(tenant)).toEqual([
        { ...draft('b'), ...common, parent: 'a', createdAt: second },
        { ...draft('a'), ...common, createdAt: first },
      ]);
      expect(await models().list(newTenant())).toEqual([]);
      await expect(models().register(tenant, draft('a'))).rejects.toThrow();
    });

    it('has one deployed version a tenant', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      for (const id of ['a', 'b']) await models().register(tenant, draft(id));
      await models().register(other, draft('a'));
      expect(await models().deployed(tenant)).toBeNull();

      const first = tick();
      await models().deploy(tenant, 'a');
      expect(await models().deployed(tenant)).toMatchObject({ id: 'a', status: 'DEPLOYED', deployedAt: first });
      expect(await models().deployed(other)).toBeNull();

      const second = tick();
      await models().deploy(tenant, 'b');
      const rows = await models().list(tenant);
      expect(rows.map(({ id, status, deployedAt }) => [id, status, deployedAt])).toEqual([
        ['b', 'DEPLOYED', second],
        ['a', 'RETIRED', first],
      ]);
      await models().deploy(tenant, 'a');
      expect(await models().deployed(tenant)).toMatchObject({ id: 'a' });
    });

    it('refuses to deploy what it does not know, by name, and leaves everything as it was', async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      await models().register(tenant, draft('a'));
      await models().register(other, draft('elsewhere'));
      await models().deploy(tenant, 'a');
      await expect(models().deploy(tenant, 'elsewhere')).rejects.toThrow('elsewhere');
      expect(await models().deployed(tenant)).toMatchObject({ id: 'a' });
    });

    it('names every tenant that has a deployed version', async () => {
      const [b, a, none] = ['tenants b', 'tenants a', 'tenants none'];
      for (const tenant of [b, a, none]) await models().register(tenant, draft('m'));
      await models().deploy(b, 'm');
      await models().deploy(a, 'm');
      const tenants = await models().tenants();
      expect(tenants.filter((tenant) => tenant.startsWith('tenants '))).toEqual([a, b]);
    });

    it('has one deployed version also after many deployments at once', async () => {
      const tenant = newTenant();
      const ids = ['a', 'b', 'c', 'd'];
      for (const id of ids) await models().register(tenant, draft(id));
      const nodes = [models(), ...(database.kind === 'postgresql' ? [(await database.anotherNode()).models] : [])];
      await Promise.all([...ids, ...ids].map((id, n) => (nodes[n % nodes.length] ?? models()).deploy(tenant, id)));
      const rows = await models().list(tenant);
      expect(rows.map((row) => row.status).sort()).toEqual(['DEPLOYED', 'RETIRED', 'RETIRED', 'RETIRED']);
    });
  },
  { clock: () => now },
);
