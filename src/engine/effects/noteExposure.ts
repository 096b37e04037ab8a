import type { ShownItems } from '../../domain/shown.js';
import type { Exposures } from '../live/exposures.js';
import type { Effect } from '../pipeline/stages.js';

/** Counts what was shown for its items and their authors, whoever it was shown to. */
export function noteExposure(exposures: Pick<Exposures, 'shown'>): Effect<ShownItems> {
  return { name: 'noteExposure', run: ({ tenant, itemIds, authorIds }) => exposures.shown(tenant, itemIds, authorIds) };
}
