import type { Clock } from '../../domain/clock.js';
import { CurioError } from '../../domain/errors.js';
import type { Log } from '../../domain/log.js';
import type { Caller } from '../auth/caller.js';

/** Credentials are looked at again at least this often: keys are revoked too. */
const LOOK_EVERY_MS = 60_000;
/** A token that has expired may be accepted for some seconds more. */
const AT_THE_SOONEST_MS = 1_000;

export interface WatchDeps {
  readonly caller: Caller;
  /** Verifies the same credentials again. */
  readonly verify: () => Promise<Caller | null>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once, when they no longer hold. */
  readonly onRefused: (reason: CurioError) => void;
}

/** Verifies credentials anew when they expire, and every minute, for as long as a connection is open. The answer ends it. */
export function watchCredentials({ caller, verify, clock, log, onRefused }: WatchDeps): () => void {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const look = async () => {
    try {
      const now = await verify();
      if (JSON.stringify(now?.identity) !== JSON.stringify(caller.identity)) {
        throw new CurioError('UNAUTHENTICATED', 'The credentials stand for someone else now');
      }
    } catch (error) {
      if (ended) return;
      if (error instanceof CurioError) {
        ended = true;
        onRefused(error);
        return;
      }
      log.warn({ err: error }, 'credentials cannot be verified now: trying again');
    }
    schedule();
  };
  const schedule = () => {
    if (ended) return;
    const left = caller.expiresAt === null ? LOOK_EVERY_MS : caller.expiresAt - clock();
    timer = setTimeout(look, Math.max(AT_THE_SOONEST_MS, Math.min(LOOK_EVERY_MS, left))).unref();
  };
  schedule();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
