import { LRUCache } from 'lru-cache';
import { boundedLabel, type Labels, type Meter } from '../../domain/meter.js';

/** Where a list stood: its surface, and the arm of an experiment or `none`. */
export type ListPlace = Labels<'surface' | 'arm'>;

/** How often what was shown is taken to, by surface and arm. */
export interface ClickThrough {
  shown(
    surface: string,
    tenant: string,
    list: {
      readonly requestId: string;
      readonly variant: string | null;
      readonly recommendations: { readonly length: number };
    },
  ): ListPlace;
  /** A positive action that quotes this list. Lists that this process did not show count as surface `unknown`. */
  took(tenant: string, requestId: string): void;
}

/** Lists of which it is known where they stood: some hours of a busy node, about 200 bytes each. */
const KEPT_LISTS = 100_000;
const MOST_SURFACES = 20;
const MOST_ARMS = 40;

export function createClickThrough(meter: Meter): ClickThrough {
  const labels = ['surface', 'arm'] as const;
  const shown = meter.counter('curio_shown_total', 'Items and people shown in lists', labels);
  const taken = meter.counter('curio_taken_total', 'Positive actions on what a list showed', labels);
  const surfaceOf = boundedLabel(MOST_SURFACES);
  const armOf = boundedLabel(MOST_ARMS);
  const places = new LRUCache<string, ListPlace>({ max: KEPT_LISTS });
  return {
    shown(surface, tenant, { requestId, variant, recommendations }) {
      const place = { surface: surfaceOf(surface), arm: armOf(variant ?? 'none') };
      shown(place, recommendations.length);
      if (recommendations.length > 0) places.set(`${tenant}\0${requestId}`, place);
      return place;
    },
    took(tenant, requestId) {
      taken(places.get(`${tenant}\0${requestId}`) ?? { surface: 'unknown', arm: 'none' });
    },
  };
}
