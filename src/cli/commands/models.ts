import type { Config } from '../../config/config.js';
import { withStores } from '../withStores.js';

export async function modelsCommand(config: Config, tenant: string): Promise<void> {
  await withStores(config, async ({ registry }) => {
    const rows = await registry.list(tenant);
    if (rows.length === 0) console.log('There is no model version yet; `curio train` makes one.');
    for (const { id, status, eventCount, createdAt, parent } of rows) {
      const line = [
        id,
        status.toLowerCase(),
        `${eventCount} events`,
        createdAt.toISOString(),
        parent ? `after ${parent}` : '',
      ];
      console.log(line.join('  ').trimEnd());
    }
  });
}

export async function deployCommand(config: Config, tenant: string, version: string): Promise<void> {
  await withStores(config, ({ registry }) => registry.deploy(tenant, version));
  console.log(`${version} is deployed.`);
}

export async function rollbackCommand(config: Config, tenant: string): Promise<void> {
  const version = await withStores(config, ({ registry }) => registry.rollback(tenant));
  console.log(`${version} is deployed again.`);
}
