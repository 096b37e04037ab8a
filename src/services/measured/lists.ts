import { DURATION_BUCKETS, type Meter } from '../../domain/meter.js';
import { PEOPLE_SURFACE } from '../../domain/shown.js';
import type { PeopleService } from '../people/types.js';
import type { RecommendationService } from '../recommendations/types.js';
import type { ClickThrough } from './clickThrough.js';

/** What every list of this project says of itself. */
interface Answered {
  readonly requestId: string;
  readonly recommendations: { readonly length: number };
  readonly variant: string | null;
  readonly generationTimeMs: number;
  readonly cached: boolean;
  readonly degraded: string;
}

export interface MeasuredListsDeps {
  readonly meter: Meter;
  readonly clickThrough: ClickThrough;
}

/** Counts lists by surface and arm, how poor they are and whether they were computed; and how long that took. */
function listMeter({ meter, clickThrough }: MeasuredListsDeps) {
  const counted = meter.counter('curio_lists_total', 'Lists answered', ['surface', 'arm', 'degraded', 'cached']);
  const duration = meter.histogram('curio_list_duration_seconds', 'Time to make a list', DURATION_BUCKETS, ['cached']);
  return (surface: string, tenant: string, list: Answered) => {
    const place = clickThrough.shown(surface, tenant, list);
    const cached = String(list.cached);
    counted({ ...place, degraded: list.degraded, cached }, 1);
    duration({ cached }, list.generationTimeMs / 1000);
  };
}

export function measureRecommendations(service: RecommendationService, deps: MeasuredListsDeps): RecommendationService {
  const measure = listMeter(deps);
  return {
    ...service,
    async recommend(request, lookup) {
      const list = await service.recommend(request, lookup);
      measure(request.surface, request.tenant, list);
      return list;
    },
  };
}

export function measurePeople(service: PeopleService, deps: MeasuredListsDeps): PeopleService {
  const measure = listMeter(deps);
  return {
    ...service,
    async recommend(request, lookup) {
      const list = await service.recommend(request, lookup);
      measure(PEOPLE_SURFACE, request.tenant, list);
      return list;
    },
  };
}
