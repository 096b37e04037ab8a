import os from 'node:os';

/** Threads for training: every core this process may use. */
export const trainingThreads = (): number => os.availableParallelism();
