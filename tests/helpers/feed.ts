import type { CatalogueFeed, Change } from '../../src/store/ports/catalogueFeed.js';

/** A feed that says what a test says, at once. */
export type TestFeed = CatalogueFeed;

export function createFeed(): TestFeed {
  const listeners = new Set<(tenant: string, change: Change) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attend() {},
    async tell(tenant, change) {
      for (const listener of listeners) listener(tenant, change);
    },
  };
}
