import { once } from 'node:events';
import type { Config } from '../../config/config.js';
import { exportPerson } from '../../services/privacy/exportPerson.js';
import { withStores } from '../withStores.js';

/** Writes everything that is kept of a person to the standard output, as one JSON object. */
export async function exportUserCommand(config: Config, tenant: string, userId: string): Promise<void> {
  await withStores(config, async ({ postgres }) => {
    for await (const piece of exportPerson(postgres, tenant, userId)) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
  });
}
