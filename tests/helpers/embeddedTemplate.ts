import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { silentLog } from '../../src/domain/log.js';
import { openPostgres } from '../../src/store/postgres/open.js';

const root = path.resolve(import.meta.dirname, '../..');
const cache = path.join(root, 'node_modules/.cache');
const PREFIX = 'curio-embedded-';

/**
 * A data folder with a migrated, empty embedded database. Making one takes seconds, so it is kept between runs for as
 * long as the migrations and PGlite stay the same.
 */
export async function makeEmbeddedTemplate(): Promise<string> {
  const template = path.join(cache, `${PREFIX}${fingerprint()}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  const dataDir = await mkdtemp(path.join(cache, 'curio-making-'));
  try {
    const stores = await openPostgres({
      databaseUrl: null,
      dataDir,
      poolSize: 1,
      isPositive: () => false,
      log: silentLog,
      clock: Date.now,
    });
    await stores.migrate();
    await stores.dispose();
    for (const old of readdirSync(cache).filter((name) => name.startsWith(PREFIX))) {
      await rm(path.join(cache, old), { recursive: true, force: true });
    }
    await rename(dataDir, template);
  } catch (error) {
    // Another run may have made it meanwhile.
    if (!existsSync(template)) throw error;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  return template;
}

function fingerprint(): string {
  const migrations = path.join(root, 'prisma/migrations');
  const files = readdirSync(migrations, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => path.join(migrations, file));
  const hash = createHash('sha256');
  for (const file of [...files, path.join(root, 'node_modules/@electric-sql/pglite/package.json')]) {
    hash.update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}
