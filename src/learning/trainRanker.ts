import { type Random, seededRandom } from '../domain/random.js';
import { FEATURES } from '../features/index.js';
import type { KernelPool } from '../kernels/pool.js';
import { RegistryError } from '../registry/errors.js';
import { openOnnxRanker } from '../registry/runtime/onnxRanker.js';
import type { ItemTable } from '../registry/snapshot.js';
import { foldEncounters } from './examples/encounters.js';
import type { EventColumns } from './examples/eventColumns.js';
import { existsSince } from './examples/existence.js';
import { holdOut } from './examples/heldOut.js';
import { foldInteractions } from './examples/interactions.js';
import { positiveWorth } from './examples/positiveWorth.js';
import { type ReplayedList, replayLists } from './examples/rankerExamples.js';
import { type Moment, replayMoments } from './examples/replay.js';
import { graphBefore, type SocialGraph } from './examples/social.js';
import { type OnProgress, stageProgress } from './progress.js';
import { type SourceParameters, trainSources } from './sources.js';
import type { TrainedContent } from './trainers/content.js';
import { fitRanker, RANKER_STEPS } from './trainers/ranker.js';

export interface RankerParameters {
  /** Share of the events, the newest ones, that lists are replayed in. */
  readonly share: number;
  readonly people: number;
  readonly momentsPerPerson: number;
  /**
   * How many of the next new items count as what a person did next. The fewer, the more the order of what they did says.
   */
  readonly horizon: number;
}

export const RANKER_DEFAULTS: RankerParameters = { share: 0.2, people: 300, momentsPerPerson: 6, horizon: 5 };

/** A log of few people who come back is replayed at more moments of each. */
const MOST_MOMENTS = 20;

export interface TrainedRanker {
  readonly model: Uint8Array;
  readonly features: readonly string[];
  readonly metrics: Readonly<Record<string, number>>;
}

/** The largest difference between the exported model and the trainer's own scores, on this many lists spread over all. */
const EXPORT_TOLERANCE = 1e-5;
const CHECKED_LISTS = 100;

/** Of a person's items, what is held out where times cannot split the log. */
const HELD_OUT = 0.2;
const MOST_HELD_OUT = 20;

/**
 * Replays lists in the newest part of the log, from sources trained on what came before it, and fits the ranker to them.
 * Where times cannot split the log, a random part of some people's items stands for what is new (`holdOut`). Null when
 * there is too little to fit.
 */
export async function trainRanker(options: {
  readonly items: ItemTable;
  readonly events: EventColumns;
  readonly social: SocialGraph;
  readonly content: TrainedContent | null;
  readonly sources: SourceParameters;
  readonly parameters: RankerParameters;
  readonly seed: number;
  readonly pool: KernelPool;
  readonly onProgress: OnProgress;
}): Promise<TrainedRanker | null> {
  const { items, events, social, content, sources, parameters, seed, pool, onProgress } = options;
  const { moments, known } = toReplay(events, parameters, seededRandom(seed));
  if (moments.length === 0) return null;
  const earlier = await trainSources({
    items,
    interactions: foldInteractions(known.events, known.count),
    social: graphBefore(social, known.until),
    encounters: foldEncounters(known.events, known.count),
    events: known.events,
    count: known.count,
    content,
    parameters: sources,
    seed,
    pool,
    label: 'replay: ',
    onProgress,
  });
  const replayed = stageProgress('replay: lists', moments.length, onProgress);
  const lists = await replayLists(moments, earlier.parts, existsSince(items.createdAt, events), replayed);
  const onStep = stageProgress('fit the ranker', RANKER_STEPS, onProgress);
  const features = FEATURES.map((feature) => feature.name);
  const fitted = await fitRanker({ lists, features, seed, pool, onStep });
  if (fitted === null) return null;
  const model = fitted.toOnnx();
  const step = Math.ceil(lists.length / CHECKED_LISTS);
  const checked = lists.filter((_, at) => at % step === 0);
  await checkExport(model, features, checked, (list) => fitted.predict(list.matrix));
  return { model, features, metrics: fitted.metrics };
}

interface ToReplay {
  readonly moments: readonly Moment[];
  /** What the models that lists are replayed against may learn from: the first `count` events, and follows before `until`. */
  readonly known: { readonly events: EventColumns; readonly count: number; readonly until: number };
}

function toReplay(
  events: EventColumns,
  { share, people, momentsPerPerson, horizon }: RankerParameters,
  random: Random,
): ToReplay {
  const worth = positiveWorth(events.worths);
  const cut = cutInTime(events.times, share);
  if (cut > 0) {
    const moments = replayMoments({
      events,
      cut,
      people,
      momentsPerPerson,
      mostPerPerson: MOST_MOMENTS,
      horizon,
      positiveWorth: worth,
      random,
    });
    return { moments, known: { events, count: cut, until: events.times[cut] ?? 0 } };
  }
  const { kept, moments } = holdOut({
    events,
    people: people * momentsPerPerson,
    share: HELD_OUT,
    most: MOST_HELD_OUT,
    positiveWorth: worth,
    random,
  });
  return { moments, known: { events: kept, count: kept.users.length, until: Number.POSITIVE_INFINITY } };
}

/** The first event of the newest `share`, moved to where its moment begins; 0 when nothing lies before it. */
export function cutInTime(times: Float64Array, share: number): number {
  let cut = Math.floor(times.length * (1 - share));
  while (cut > 0 && times[cut - 1] === times[cut]) cut--;
  return cut;
}

async function checkExport(
  model: Uint8Array,
  features: readonly string[],
  lists: readonly ReplayedList[],
  expect: (list: ReplayedList) => Float64Array,
): Promise<void> {
  const ranker = await openOnnxRanker(model, features);
  try {
    for (const list of lists) {
      const scores = await ranker.score(list.matrix, list.candidates.length);
      const expected = expect(list);
      for (const [row, score] of scores.entries()) {
        if (Math.abs(score - (expected[row] ?? 0)) > EXPORT_TOLERANCE) {
          throw new RegistryError(`the exported ranker scores ${score} where the trainer scores ${expected[row]}`);
        }
      }
    }
  } finally {
    await ranker.dispose();
  }
}
