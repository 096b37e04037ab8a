import type { ShownList } from '../../domain/shown.js';
import type { ShownLog } from '../../store/ports/shownLog.js';
import type { Effect } from '../pipeline/stages.js';

/** Logs what was shown, for learning. */
export function recordShown(shownLog: Pick<ShownLog, 'record'>): Effect<ShownList> {
  return { name: 'recordShown', run: (shown) => shownLog.record(shown) };
}
