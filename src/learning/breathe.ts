import { setImmediate } from 'node:timers/promises';

/** Gives way to whatever else waits on this thread. Long loops call it between pieces of a few milliseconds. */
export const breathe = (): Promise<void> => setImmediate();
