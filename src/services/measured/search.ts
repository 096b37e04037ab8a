import { DURATION_BUCKETS, type Meter } from '../../domain/meter.js';
import type { SearchService } from '../search/types.js';

/** Counts searches, how poor they are and whether they found something; and how long they took. */
export function measureSearch(service: SearchService, { meter }: { readonly meter: Meter }): SearchService {
  const counted = meter.counter('curio_searches_total', 'Searches answered', ['degraded', 'found']);
  const duration = meter.histogram('curio_search_duration_seconds', 'Time to answer a search', DURATION_BUCKETS);
  return {
    ...service,
    async search(request, lookup) {
      const started = performance.now();
      const page = await service.search(request, lookup);
      counted({ degraded: page.degraded, found: page.totalCount > 0 ? 'some' : 'none' }, 1);
      duration({}, (performance.now() - started) / 1000);
      return page;
    },
  };
}
