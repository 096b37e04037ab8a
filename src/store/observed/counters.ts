import type { Clock } from '../../domain/clock.js';
import type { Meter } from '../../domain/meter.js';
import type { Counters } from '../ports/counters.js';

/** Live counters that say how fresh they are: since when they have not taken what was added. */
export function observeCounters(counters: Counters, { meter, clock }: { meter: Meter; clock: Clock }): Counters {
  let behindSince: number | null = null;
  let updatedAt: number | null = null;
  meter.gauge(
    'curio_counters_behind_seconds',
    'How long the live counters have missed events; 0 while they take them',
    () => [[{}, behindSince === null ? 0 : Math.max(0, clock() - behindSince) / 1000]],
  );
  meter.gauge('curio_counters_updated_timestamp_seconds', 'When the live counters last took something', () =>
    updatedAt === null ? [] : [[{}, updatedAt / 1000]],
  );
  return {
    ...counters,
    async add(board, amounts, at) {
      try {
        await counters.add(board, amounts, at);
        behindSince = null;
        updatedAt = clock();
      } catch (error) {
        behindSince ??= clock();
        throw error;
      }
    },
  };
}
