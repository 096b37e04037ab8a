import { unite } from '../../domain/candidates.js';
import { computeFeatures, FEATURES } from '../../features/index.js';
import { emptyCounts } from '../../features/itemCounts.js';
import { settingOf } from '../../features/setting.js';
import { buildTaste, type Catalogue } from '../../features/taste.js';
import { POSITIVE_WORTH } from '../../features/worth.js';
import { createScan } from '../../kernels/scan.js';
import type { ItemCounts } from '../../registry/snapshot.js';
import { FINDERS } from '../../retrieval/index.js';
import { createLookups, type Lookups } from '../../retrieval/lookups.js';
import { breathe } from '../breathe.js';
import { addEvents } from '../trainers/counts.js';
import type { EventColumns } from './eventColumns.js';
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
 * Replays the moments against a catalogue that was trained on what came before them, by the code that serves. `events` are
 * the whole log: counts are read from it as they stood at each moment. An item that was not there yet (`since`: epoch
 * milliseconds per item) is no candidate: nobody could have taken to it, and a ranker that saw it turned down would learn
 * to hide what is new. Lists are answered in the order of the moments.
 */
export async function replayLists(
  moments: readonly Moment[],
  catalogue: Catalogue,
  events: EventColumns,
  since: Float64Array,
  onList?: (done: number) => void,
): Promise<ReplayedList[]> {
  const lookups = createLookups((vectors, dimensions) => {
    const { size, topK, dots } = createScan(vectors, dimensions);
    return { size, search: topK, dots };
  });
  const counts = emptyCounts(events.itemCount, catalogue.counts?.liking ?? POSITIVE_WORTH);
  let counted = 0;
  let done = 0;
  const lists = new Map<Moment, ReplayedList>();
  for (const moment of moments.toSorted((a, b) => a.now - b.now)) {
    let next = counted;
    while (next < events.times.length && (events.times[next] ?? 0) < moment.now) next++;
    addEvents(counts, events, counted, next);
    counted = next;
    lists.set(moment, await replay(moment, catalogue, counts, since, lookups));
    onList?.(++done);
    await breathe();
  }
  return moments.flatMap((moment) => lists.get(moment) ?? []);
}

async function replay(
  moment: Moment,
  catalogue: Catalogue,
  counts: ItemCounts,
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
  const columns = computeFeatures({ taste, catalogue, setting, now, counts, factors: lookups.factors }, candidates);
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
