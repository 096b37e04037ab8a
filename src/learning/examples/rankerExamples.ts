import { unite } from '../../domain/candidates.js';
import { computeFeatures, FEATURES } from '../../features/index.js';
import { settingOf } from '../../features/setting.js';
import { buildTaste, type Catalogue } from '../../features/taste.js';
import { createScan } from '../../kernels/scan.js';
import { FINDERS } from '../../retrieval/index.js';
import { createLookups, type Lookups } from '../../retrieval/lookups.js';
import { breathe } from '../breathe.js';
import type { Moment } from './replay.js';

/** One list as it would have been shown. */
export interface ReplayedList {
  readonly user: number;
  /** Item indices. */
  readonly candidates: Int32Array;
  /** Candidates × features, row after row, in the order of `FEATURES`. */
  readonly matrix: Float32Array;
  /** Per candidate: 1 when the person took to it next. */
  readonly labels: Uint8Array;
  /** What they took to next, candidate or not. */
  readonly liked: ReadonlySet<number>;
}

/**
 * Replays the moments against a catalogue that was trained on what came before them, by the code that serves. An item
 * that was not there yet (`since`: epoch milliseconds per item) is no candidate: nobody could have taken to it, and a
 * ranker that saw it turned down would learn to hide what is new.
 */
export async function replayLists(
  moments: readonly Moment[],
  catalogue: Catalogue,
  since: Float64Array,
  onList?: (done: number) => void,
): Promise<ReplayedList[]> {
  const lookups = createLookups((vectors, dimensions) => {
    const { size, topK, dots, append } = createScan(vectors, dimensions);
    return { size, search: topK, dots, append };
  });
  const lists: ReplayedList[] = [];
  for (const moment of moments) {
    lists.push(await replay(moment, catalogue, since, lookups));
    onList?.(lists.length);
    await breathe();
  }
  return lists;
}

async function replay(
  moment: Moment,
  catalogue: Catalogue,
  since: Float64Array,
  lookups: Lookups,
): Promise<ReplayedList> {
  const { user, now, profile, seen, liked } = moment;
  const taste = buildTaste(profile, catalogue, moment.interests);
  const setting = settingOf(catalogue.segments, moment.circumstances);
  const masked = Uint8Array.from(since, (moment) => (moment > now ? 1 : 0));
  for (const item of seen) masked[item] = 1;
  const request = {
    taste,
    catalogue,
    setting,
    masked,
  };
  const found = await Promise.all(
    FINDERS.filter((finder) => finder.enabled(request)).map(async (finder) => ({
      name: finder.name,
      found: await finder.find(request, lookups),
    })),
  );
  const candidates = unite(found);
  const { items } = candidates;
  const columns = computeFeatures({ taste, catalogue, setting, now, factors: lookups.factors }, candidates);
  const width = FEATURES.length;
  const matrix = new Float32Array(items.length * width);
  for (const [place, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) matrix[row * width + place] = column[row] ?? 0;
  }
  return {
    user,
    candidates: items,
    matrix,
    liked,
    labels: Uint8Array.from(items, (item) => (liked.has(item) ? 1 : 0)),
  };
}
