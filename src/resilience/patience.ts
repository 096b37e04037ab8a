/** The deadline of a list that the figures below are made for, milliseconds. */
const USUAL_MS = 1_000;

/** How long what a request depends on is waited for, milliseconds. */
export interface Patience {
  /** A slower answer speaks against PostgreSQL, Redis, a ranker, a search. */
  readonly slowMs: number;
  /** A read of PostgreSQL is given up. */
  readonly readMs: number;
  /** A search, a ranker, or a command of Redis with all its waiting, is given up. */
  readonly callMs: number;
  /** Redis is taken to be away when one command has no answer. */
  readonly commandMs: number;
}

/**
 * Whoever may wait longer for a list waits longer for what it is made of: on a slow machine a fixed limit would open breakers
 * before what nothing is wrong with. A shorter deadline makes nothing more impatient: what is late for one list is not away.
 */
export function patienceFor(deadlineMs: number): Patience {
  const times = Math.max(1, deadlineMs / USUAL_MS);
  return { slowMs: 200 * times, readMs: 2_000 * times, callMs: 1_000 * times, commandMs: 250 * times };
}
