import { NOTHING_FOUND, unite } from '../../domain/candidates.js';
import type { JsonObject } from '../../domain/json.js';
import type { FactorReader } from '../../features/feature.js';
import { computeFeatures, FEATURES } from '../../features/index.js';
import { circumstancesOf, settingOf } from '../../features/setting.js';
import type { Ranker, Snapshot } from '../../registry/snapshot.js';
import type { PersonState } from '../live/personStates.js';
import { readPerson } from '../person.js';
import { heuristicRanker } from '../scorers/heuristic.js';
import { rank } from '../scorers/rank.js';

interface Scored {
  readonly id: string;
  readonly score: number;
}

/** What of a list is scored for a person; what comes behind stays where it is. */
const SCORED = 200;
/** How much what a person likes moves what is as relevant: the most liked counts for 1.25 of its score, the least for 0.75. */
const SHARE = 0.25;

/**
 * The same items, scored for a person: relevance times 1 ± `SHARE`, by where the ranker's probability for the item stands
 * among those of the others. Items they never want to meet again are left out; those the snapshot does not know keep
 * their score.
 * @throws when the ranker fails.
 */
export async function personalise<Item extends Scored>(
  items: readonly Item[],
  {
    snapshot,
    person,
    context,
    now,
    factors,
  }: {
    readonly snapshot: Snapshot;
    readonly person: PersonState;
    readonly context: JsonObject | null;
    /** Epoch milliseconds. */
    readonly now: number;
    readonly factors: FactorReader;
  },
): Promise<Item[]> {
  const { events, facts } = person;
  const { taste, banished } = readPerson(events, snapshot, undefined, facts);
  const wanted = items.filter(({ id }) => !banished.has(snapshot.items.indexOf(id)));
  const known = wanted.slice(0, SCORED).flatMap((item) => {
    const row = snapshot.items.indexOf(item.id);
    return row < 0 ? [] : [{ item, row }];
  });
  if (known.length === 0) return wanted;
  const rows = Int32Array.from(known, ({ row }) => row);
  const scores = Float32Array.from(known, ({ item }) => item.score);
  const candidates = unite([{ name: 'search', found: { ...NOTHING_FOUND, items: rows, scores } }]);
  const setting = settingOf(snapshot.segments, circumstancesOf(context, now, facts));
  const columns = computeFeatures({ taste, catalogue: snapshot, setting, now, factors }, candidates);
  const ranker: Ranker = snapshot.ranker ?? heuristicRanker;
  const liking = await rank(ranker, {
    ...candidates,
    columns: new Map(FEATURES.map(({ name }, at) => [name, columns[at] ?? new Float32Array(0)])),
  });
  const sorted = liking.scores.slice().sort();
  const lift = new Map(
    known.map(({ item }, at) => [item.id, 1 + SHARE * (2 * standing(sorted, liking.scores[at] ?? 0) - 1)]),
  );
  return wanted
    .map((item, place) => ({ item: { ...item, score: item.score * (lift.get(item.id) ?? 1) }, place }))
    .sort((a, b) => b.item.score - a.item.score || a.place - b.place)
    .map(({ item }) => item);
}

/** Share of the sorted values that are below, those that are equal counting half: 0 to 1. */
function standing(sorted: Float32Array, value: number): number {
  let below = 0;
  let equal = 0;
  for (const other of sorted) {
    if (other < value) below++;
    else if (other === value) equal++;
  }
  return (below + equal / 2) / sorted.length;
}
