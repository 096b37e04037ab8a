import type { Clock } from '../../domain/clock.js';
import type { Item } from '../../domain/entities.js';
import { seededRandom } from '../../domain/random.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { ItemTable } from '../../registry/snapshot.js';
import { foldEncounters } from '../examples/encounters.js';
import type { EventColumns } from '../examples/eventColumns.js';
import { foldInteractions } from '../examples/interactions.js';
import type { SocialGraph } from '../examples/social.js';
import type { OnProgress } from '../progress.js';
import type { SourceParameters } from '../sources.js';
import { type PopularityParameters, trainPopularity } from '../trainers/popularity.js';
import { dealBudget, type Purse, type TuningBudget } from './budget.js';
import { fewerPeople } from './fewerPeople.js';
import { ndcgOfPeople } from './objective.js';
import { type ValidationSlice, validationSlice } from './slice.js';
import { type Halved, successiveHalving } from './successiveHalving.js';
import type { Lesson, Tunable } from './tunable.js';
import { TUNABLES } from './tunables.js';

export interface Tuned {
  /** What training goes on with. */
  readonly parameters: SourceParameters;
  /** Which of them a search has changed, such as `als.dimensions`. */
  readonly changed: readonly string[];
  /** Of each source that a search came to an end for: NDCG@20 on the validation slice, before and after. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Arms of one halving, today's parameters among them. */
const ARMS = 8;
/** Halvings that follow each other around what the last one found, while there are time and untried arms. */
const HALVINGS = 3;
const SHARES = [0.25, 0.5, 1];
/** Fewer events than this are all learned from at every rung: a part of a small log tells little. */
const FEWEST = 50_000;
/** More are not learned from at any: the search must not take longer where the log is longer. */
const MOST = 1_000_000;
/** Numbers of a model that is still tried: 1 GiB while it is trained. */
const MOST_FLOATS = 2 ** 28;
/** With fewer people to judge by nothing is searched. */
const FEWEST_PEOPLE = 20;

/**
 * Searches the parameters of every source by itself, by NDCG on the validation slice of `events` (see `validationSlice`),
 * within a budget. Nothing but `events` and `social` is read. Counted in trials, the same seed gives the same answer.
 */
export async function tune(options: {
  readonly events: EventColumns;
  readonly social: SocialGraph;
  readonly items: ItemTable;
  /** What `items` is made of. */
  readonly catalogue: readonly Item[];
  readonly parameters: SourceParameters;
  readonly budget: TuningBudget;
  readonly seed: number;
  readonly clock: Clock;
  readonly pool: KernelPool;
  readonly onProgress: OnProgress;
}): Promise<Tuned> {
  const { events, social, items, catalogue, budget, seed, clock, pool, onProgress } = options;
  const slice = validationSlice(events, social, seed);
  let { parameters } = options;
  if (slice.people.length < FEWEST_PEOPLE) return { parameters, changed: [], metrics: {} };
  const lessonAt = lessons(slice, { items, catalogue, popularity: parameters.popularity, seed, pool });
  const metrics: Record<string, number> = { 'tuning.people': slice.people.length };
  const changed: string[] = [];
  const nextPurse = dealBudget(budget, TUNABLES.length, clock);
  for (const source of TUNABLES) {
    const found = await searchSource({
      source,
      slice,
      lessonAt,
      from: parameters,
      seed,
      purse: nextPurse(),
      onProgress,
    });
    if (found === null) continue;
    changed.push(...source.changes(parameters, found.arm));
    parameters = found.arm;
    metrics[`tuning.${source.part}.ndcg20`] = found.mean;
    metrics[`tuning.${source.part}.ndcg20Before`] = found.firstMean;
  }
  return { parameters, changed, metrics };
}

/** Halving after halving around the best so far; null when not even the first one came to its end. */
async function searchSource(options: {
  readonly source: Tunable;
  readonly slice: ValidationSlice;
  readonly lessonAt: (share: number) => Lesson;
  readonly from: SourceParameters;
  readonly seed: number;
  readonly purse: Purse;
  readonly onProgress: OnProgress;
}): Promise<Halved<SourceParameters> | null> {
  const { source, slice, lessonAt, from, seed, purse, onProgress } = options;
  const random = seededRandom(seed);
  const tried = new Set<string>();
  const known = new Map<string, Float64Array>();
  const stage = `tune: ${source.part}`;
  const onTrial = () => onProgress({ stage, done: known.size, unit: 'trials' });
  onTrial();

  const { userCount, itemCount } = slice.lesson.events;
  const fits = (arm: SourceParameters) => source.floats(arm, userCount, itemCount) <= MOST_FLOATS;
  const trial = async (arm: SourceParameters, share: number): Promise<Float64Array | null> => {
    const key = `${share} ${source.key(arm)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (!purse.spend()) return null;
    const model = await source.open(arm, lessonAt(share), share);
    const people = slice.people.slice(0, Math.ceil(share * slice.people.length));
    const figures = model === null ? new Float64Array(people.length) : await ndcgOfPeople(model, people);
    known.set(key, figures);
    onTrial();
    return figures;
  };

  const rounds: Halved<SourceParameters>[] = [];
  while (rounds.length < HALVINGS) {
    const arms = source
      .draw(rounds.at(-1)?.arm ?? from, ARMS, tried, random)
      .filter((arm, at) => at === 0 || fits(arm));
    const next = arms.length === 1 ? null : await successiveHalving({ arms, shares: sharesOf(slice), trial });
    if (next === null) break;
    rounds.push(next);
  }
  const [first] = rounds;
  const last = rounds.at(-1);
  return first && last ? { ...last, firstMean: first.firstMean } : null;
}

/** What is learned from at each rung, made at first use and kept for all sources. */
function lessons(
  slice: ValidationSlice,
  given: Pick<Lesson, 'items' | 'catalogue' | 'seed' | 'pool'> & { readonly popularity: PopularityParameters },
): (share: number) => Lesson {
  const { items, catalogue, seed, pool, popularity } = given;
  const made = new Map<number, Lesson>();
  return (share) => {
    const known = made.get(share);
    if (known !== undefined) return known;
    const { events, social } = fewerPeople(slice.lesson, share * learnable(slice), seed);
    const interactions = foldInteractions(events);
    const { order } = trainPopularity({ interactions, createdAt: items.createdAt, parameters: popularity });
    const encounters = foldEncounters(events);
    const lesson: Lesson = { items, catalogue, interactions, encounters, social, popularOrder: order, seed, pool };
    made.set(share, lesson);
    return lesson;
  };
}

/** The share of the lesson that counts as the whole of it. */
function learnable({ lesson }: ValidationSlice): number {
  return Math.min(1, MOST / Math.max(1, lesson.events.users.length));
}

/** Rungs that would learn from too little are left out. */
function sharesOf(slice: ValidationSlice): readonly number[] {
  const whole = learnable(slice) * slice.lesson.events.users.length;
  return SHARES.filter((share) => share === 1 || share * whole >= FEWEST);
}
