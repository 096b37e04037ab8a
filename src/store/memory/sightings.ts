import { SIGHTINGS_LIMIT, type Sightings } from '../ports/sightings.js';

/** Keys in this process, in the order in which they were seen. */
export function createMemorySightings(): Sightings {
  const scopes = new Map<string, Map<string, number>>();
  return {
    async see(scope, sightings) {
      const seen = scopes.get(scope) ?? new Map<string, number>();
      scopes.set(scope, seen);
      const before = sightings.map(({ key, at }) => {
        const last = seen.get(key) ?? null;
        // Put last again, so that the first of the map is about the one seen longest ago.
        seen.delete(key);
        seen.set(key, last === null ? at : Math.max(last, at));
        return last;
      });
      for (const oldest of seen.keys()) {
        if (seen.size <= SIGHTINGS_LIMIT) break;
        seen.delete(oldest);
      }
      return before;
    },
    async clear(scope) {
      scopes.delete(scope);
    },
    async dispose() {
      scopes.clear();
    },
  };
}
