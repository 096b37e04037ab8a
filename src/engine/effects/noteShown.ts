import type { ShownList } from '../../domain/shown.js';
import type { ImpressionStates } from '../live/impressionStates.js';
import type { Effect } from '../pipeline/stages.js';

/** Counts what was shown as impressions of the person, on every node. */
export function noteShown(impressionStates: Pick<ImpressionStates, 'note'>): Effect<ShownList> {
  return { name: 'noteShown', run: (shown) => impressionStates.note(shown) };
}
