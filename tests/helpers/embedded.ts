import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';

/** A data folder of one's own, with a migrated and empty embedded database unless `empty`. */
export async function createDataDir({ empty = false } = {}): Promise<{ dataDir: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'curio-test-'));
  if (!empty) await cp(inject('embeddedTemplate'), dataDir, { recursive: true });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}
