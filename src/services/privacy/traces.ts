import { authorsBoard } from '../../engine/live/exposures.js';
import { keyOf } from '../../engine/live/keys.js';
import type { Cache } from '../../store/ports/cache.js';
import type { Counters } from '../../store/ports/counters.js';
import { createPeopleLists } from '../people/peopleLists.js';

/** What is kept of an erased person outside the database, and by name: lists they stand in, counters, model versions. */
export interface Traces {
  /** Safe to repeat. @throws when any of it cannot be reached; what can be reached is forgotten all the same. */
  forget(tenant: string, userId: string): Promise<void>;
}

export function createTraces(deps: {
  readonly cache: Cache;
  readonly counters: Pick<Counters, 'remove'>;
  readonly versions: { forget(tenant: string, userId: string): Promise<void> };
  readonly newId: () => string;
}): Traces {
  const { cache, counters, versions } = deps;
  const peopleLists = createPeopleLists(deps);
  return {
    async forget(tenant, userId) {
      const done = await Promise.allSettled([
        cache.delete(keyOf('person', tenant, userId)),
        cache.delete(keyOf('social', tenant, userId)),
        counters.remove(authorsBoard(tenant), userId),
        peopleLists.forget(tenant),
        versions.forget(tenant, userId),
      ]);
      const faults = done.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      if (faults.length > 0) throw new AggregateError(faults, 'traces of an erased person are left');
    },
  };
}
