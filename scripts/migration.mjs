// `node scripts/migration.mjs NAME`: writes the next migration, the difference between what the migrations make and
// `prisma/schema.prisma`. Works on a throw-away embedded database; needs no server and downloads nothing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9_]{1,60}$/.test(name)) {
  console.error('Usage: node scripts/migration.mjs NAME   (lower case letters, digits and _)');
  process.exit(2);
}

await setup();
const { openEmbedded } = await import('../dist/store/postgres/embedded.js');
const { applyMigrations, schemaDrift } = await import('../dist/store/postgres/migrate.js');
const dir = mkdtempSync(path.join(os.tmpdir(), 'curio-migration-'));
const log = { debug() {}, info() {}, warn: console.error, error: console.error };
const database = await openEmbedded(dir, log);
try {
  await applyMigrations(database.pool, () => {});
  const script = await schemaDrift(database.pool);
  if (script === '') {
    console.log('The migrations make what schema.prisma says; there is nothing to write.');
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const folder = path.join(root, 'prisma/migrations', `${stamp}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'migration.sql'), script);
    console.log(`Wrote ${path.relative(root, folder)}/migration.sql. Read it before you commit it.`);
  }
} finally {
  await database.dispose();
  rmSync(dir, { recursive: true, force: true });
}
