import type { Feature } from './feature.js';
import { segmentLift } from './segmentLift.js';
import { NEWCOMER } from './setting.js';

/** What each kind of circumstance does to an item, apart from what is popular anyway; −3 to 3, see `segmentLift`. */
function segmentPopularity(name: string, meaning: string, has: (kind: string) => boolean): Feature {
  return {
    name,
    meaning,
    personal: false,
    compute({ catalogue, setting }, { items: candidates }, out) {
      const { segments, items } = catalogue;
      out.fill(0);
      if (segments === null) return;
      for (const [kind, segment] of setting) {
        if (!has(kind)) continue;
        for (let row = 0; row < candidates.length; row++) {
          const item = candidates[row] ?? 0;
          out[row] = (out[row] ?? 0) + segmentLift(segments, segment, item, items.category.codes[item] ?? -1);
        }
      }
    },
  };
}

const HOUR = 'hour';
const LOCATION = 'location';
const DEVICE = 'device';
const AGE = 'age';
const NAMED = new Set([HOUR, LOCATION, DEVICE, AGE, NEWCOMER]);

export const hourPopularity = segmentPopularity('hour_popularity', 'it suits the hour', (kind) => kind === HOUR);

export const locationPopularity = segmentPopularity(
  'location_popularity',
  'it is popular where you are',
  (kind) => kind === LOCATION,
);

export const devicePopularity = segmentPopularity(
  'device_popularity',
  'it is popular on devices like yours',
  (kind) => kind === DEVICE,
);

export const agePopularity = segmentPopularity(
  'age_popularity',
  'it is popular with people of your age',
  (kind) => kind === AGE,
);

/** Everything else that is known of the moment: what the camera sees, and attributes of the caller's own. Summed up. */
export const momentPopularity = segmentPopularity(
  'moment_popularity',
  'it suits the moment',
  (kind) => !NAMED.has(kind),
);
