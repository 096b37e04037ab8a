/** For `vi.waitFor`, whose own patience is a second: what `expect.poll` has by the configuration of the tests. */
export const patience = { timeout: 60_000, interval: 20 } as const;
