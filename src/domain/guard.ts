/**
 * Runs work, or refuses to while what the work needs is known to fail. `what` names the work in traces. The signal that the work
 * gets aborts when the guard gives it up, and soon after `until` does.
 */
export type Guard = <T>(work: (signal?: AbortSignal) => Promise<T>, what?: string, until?: AbortSignal) => Promise<T>;

/** For tests and commands that would rather wait and see. */
export const unguarded: Guard = (work, _what, until) => work(until);
