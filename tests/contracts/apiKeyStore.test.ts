import { expect, it } from 'vitest';
import { newTenant } from '../helpers/events.js';
import { eachDatabase } from '../helpers/stores.js';

eachDatabase('ApiKeyStore', (database) => {
  const keys = () => database.stores().apiKeys;

  it.each(['user', 'service', 'admin'] as const)('finds a key of role %s by its hash', async (role) => {
    const tenant = newTenant();
    const hash = `hash of ${tenant}`;
    expect(await keys().find(hash)).toBeNull();
    await keys().create(hash, { tenant, name: 'importer', role, rates: {} });
    expect(await keys().find(hash)).toEqual({ tenant, name: 'importer', role, rates: {} });
  });

  it('never finds a revoked key again', async () => {
    const tenant = newTenant();
    const row = { tenant, name: 'importer', role: 'service', rates: { recommendations: 5, cost: 1_000 } } as const;
    await keys().create('lost', row);
    await keys().create('kept', row);
    await keys().revoke('lost');
    await keys().revoke('lost');
    await keys().revoke('unknown');
    expect(await keys().find('lost')).toBeNull();
    expect(await keys().find('kept')).toEqual(row);
    await expect(keys().create('lost', row)).rejects.toThrow();
    expect(await keys().find('lost')).toBeNull();
  });
});
