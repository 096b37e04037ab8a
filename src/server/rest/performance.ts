import { createHistogram } from 'node:perf_hooks';
import { z } from 'zod';
import type { RecommendationService } from '../../services/recommendations/types.js';

export const performanceReport = z.object({
  since: z.iso.datetime(),
  requests: z.int(),
  cached: z.int(),
  cache_hit_rate: z.number().describe('0 to 1.'),
  degraded: z.int().describe('Lists that stepped down the ladder of poorer answers.'),
  latency_ms: z.object({ mean: z.number(), p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
});

export type PerformanceReport = z.input<typeof performanceReport>;

export interface Measured {
  readonly service: RecommendationService;
  report(): PerformanceReport;
}

/** Keeps the times of a service's lists in a histogram of three digits (HdrHistogram), whoever asks for them. */
export function measured(service: RecommendationService, now: number): Measured {
  const histogram = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 });
  let cached = 0;
  let degraded = 0;
  const ms = (microseconds: number) => Math.round(microseconds) / 1000;
  return {
    service: {
      ...service,
      async recommend(request, lookup) {
        const made = await service.recommend(request, lookup);
        histogram.record(Math.max(1, Math.round(made.generationTimeMs * 1000)));
        if (made.cached) cached++;
        if (made.degraded !== 'NONE') degraded++;
        return made;
      },
    },
    report() {
      const requests = histogram.count;
      const latency = requests === 0 ? null : histogram;
      return {
        since: new Date(now).toISOString(),
        requests,
        cached,
        cache_hit_rate: requests === 0 ? 0 : cached / requests,
        degraded,
        latency_ms: {
          mean: ms(latency?.mean ?? 0),
          p50: ms(latency?.percentile(50) ?? 0),
          p95: ms(latency?.percentile(95) ?? 0),
          p99: ms(latency?.percentile(99) ?? 0),
          max: ms(latency?.max ?? 0),
        },
      };
    },
  };
}
