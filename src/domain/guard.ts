/** Runs work, or refuses to while what the work needs is known to fail. `what` names the work in traces. */
export type Guard = <T>(work: () => Promise<T>, what?: string) => Promise<T>;

/** For tests and commands that would rather wait and see. */
export const unguarded: Guard = (work) => work();
