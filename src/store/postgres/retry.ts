import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS = 5;
const PAUSE_MS = 10;

/** PostgreSQL's five-letter error code (https://www.postgresql.org/docs/current/errcodes-appendix.html), if it is one. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** Another transaction was in the way (serialization failure, deadlock); nothing was written. */
export function isContention(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** The values themselves cannot be stored: bad text or number (22), broken constraint (23), beyond a limit (54). */
export function isDataError(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlState(error) ?? '');
}

/** Runs `work` again when another transaction was in the way, a few times. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isContention(error)) throw error;
      await sleep(attempt * PAUSE_MS);
    }
  }
}
