import type { Config } from '../../config/config.js';
import { serveUntilStopped } from '../serveUntilStopped.js';

/** Serves what is there. The database must be migrated: `curio migrate` or `curio start` does it. */
export async function serveCommand(config: Config): Promise<void> {
  await serveUntilStopped(config, async ({ postgres }) => {
    const pending = await postgres.pending();
    if (pending.length > 0)
      throw new Error(`The database lacks ${pending.join(', ')}; run \`npx curio migrate\` first.`);
  });
}
