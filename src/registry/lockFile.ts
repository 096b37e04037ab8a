import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS } from '../domain/clock.js';

/** A rewrite takes well under a second; a lock so old was left by a process that died. */
const STALE_MS = MINUTE_MS;
const WAIT_MS = 25;

/** One rewrite of a version at a time, on all nodes. */
export async function lockFile(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await (await open(file, 'wx')).close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(file, { force: true });
    else await sleep(WAIT_MS);
  }
}
