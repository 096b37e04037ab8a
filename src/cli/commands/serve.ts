import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/config.js';
import type { Log } from '../../domain/log.js';
import type { PostgresStores } from '../../store/postgres/open.js';
import { serveUntilStopped } from '../serveUntilStopped.js';

const LOOK_MS = 500;

/** Serves what is there. The database must be migrated: `curio migrate` or `curio start` does it, before or meanwhile. */
export async function serveCommand(config: Config): Promise<void> {
  await serveUntilStopped(config, {
    // Nobody but this process could bring up the embedded database meanwhile.
    listen: config.databaseUrl === null ? 'when prepared' : 'at once',
    prepare: ({ postgres }, log) => untilMigrated(postgres, log),
  });
}

/** Nobody but this process can migrate the embedded database, so its lack is an error; a server is waited for. */
async function untilMigrated({ kind, pending }: PostgresStores, log: Log): Promise<void> {
  let said = '';
  for (;;) {
    const lack = await lackOf(pending);
    if (lack === null) return;
    if (kind === 'embedded') throw new Error(lack);
    if (lack !== said) log.warn(`${lack} Not ready until then.`);
    said = lack;
    await sleep(LOOK_MS);
  }
}

async function lackOf(pending: PostgresStores['pending']): Promise<string | null> {
  try {
    const names = await pending();
    return names.length === 0 ? null : `The database lacks ${names.join(', ')}; run \`npx curio migrate\` first.`;
  } catch (error) {
    return `The database does not answer (${error instanceof Error ? error.message : String(error)}).`;
  }
}
