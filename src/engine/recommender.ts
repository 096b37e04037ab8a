import { type Candidates, select } from '../domain/candidates.js';
import type { Deadline } from '../domain/deadline.js';
import type { PersonFacts } from '../domain/entities.js';
import type { ItemEvent } from '../domain/events.js';
import type { ItemFilter } from '../domain/itemFilter.js';
import type { JsonObject } from '../domain/json.js';
import type { ShownItems } from '../domain/shown.js';
import type { PipelineTrace } from '../domain/trace.js';
import { circumstancesOf, settingOf } from '../features/setting.js';
import type { Ranker, Snapshot } from '../registry/snapshot.js';
import type { Lookups } from '../retrieval/lookups.js';
import type { Counters } from '../store/ports/counters.js';
import type { ShownLog } from '../store/ports/shownLog.js';
import type { Chance } from './chance.js';
import { type FeatureEffect, featureEffects } from './explain/effects.js';
import { type Evidence, NO_EVIDENCE, sourcesOf } from './explain/evidence.js';
import { type Reason, reasonsFor } from './explain/reason.js';
import { whereabouts } from './explain/whereabouts.js';
import { findingFor } from './finding.js';
import type { Exposures } from './live/exposures.js';
import type { ImpressionStates } from './live/impressionStates.js';
import type { Impressions } from './live/impressions.js';
import type { ActiveRules } from './live/ruleBooks.js';
import { isStranger, readPerson } from './person.js';
import type { ObserveRun } from './pipeline/observer.js';
import { createPipeline, type Pipeline, type Ranking } from './pipeline/pipeline.js';
import { describe, type Step } from './pipeline/trace.js';
import type { RankingQuery } from './query.js';
import { recommendationsRecipe } from './recipes/recommendations.js';
import { RECOMMENDATION_RULES } from './recipes/rules.js';
import { surfaceDiversity } from './recipes/surfaces.js';
import type { CompiledRules } from './rules/compiled.js';
import type { Rulings } from './rules/rulings.js';
import { heuristic, heuristicRanker } from './scorers/heuristic.js';
import { matrixOf } from './scorers/rank.js';
import { RISING } from './sources/rising.js';

export interface RecommenderRequest {
  readonly snapshot: Snapshot;
  /** What the person did on items, newest first. */
  readonly events: readonly ItemEvent[];
  /** What they were shown lately. */
  readonly impressions: Impressions;
  /** What they say of themselves; null where nothing is known. */
  readonly facts: PersonFacts | null;
  readonly surface: string;
  /** What the caller says of the moment. */
  readonly context: JsonObject | null;
  readonly filter: ItemFilter | null;
  readonly excludeSeen: boolean;
  readonly excludeIds: readonly string[];
  /** Those that hold now. */
  readonly rules: ActiveRules;
  /** Null for the surface's own. */
  readonly diversity: number | null;
  readonly chance: Chance;
  /** How many will be shown: as many are put in their final order. */
  readonly first: number;
  /** How many of the best to answer, at most: more than are shown, to stand in for what is hidden meanwhile. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly deadline: Deadline;
}

/** One item of the answer. Here candidates become objects, and only the best of them. */
export interface RankedItem {
  readonly itemId: string;
  readonly score: number;
  /** The source that ranked it highest; of equal ranks the first of the recipe. */
  readonly source: string;
  readonly reason: Reason;
  /** What the rules did to it, in order of application. */
  readonly rules: readonly string[];
  /** The probability with which it got its place. */
  readonly propensity: number;
}

export interface RankedItems {
  readonly items: readonly RankedItem[];
  /** What speaks for them. */
  readonly evidence: Evidence;
  /** Candidates that passed the filters. */
  readonly total: number;
  /** Whether the fixed formula ranked. */
  readonly byHeuristic: boolean;
  /** Names of the components that failed or were late. */
  readonly dropped: readonly string[];
  readonly trace: readonly Step[];
}

export interface Recommender extends Pick<Pipeline<RankingQuery, ShownItems>, 'conclude' | 'components'> {
  /** @throws when a filter failed. */
  recommend(request: RecommenderRequest): Promise<RankedItems>;
  /** Ranks once more, and tells how. @throws when a filter failed. */
  trace(request: RecommenderRequest, itemIds: readonly string[]): Promise<PipelineTrace>;
}

/** Items for a person, from one snapshot and what they did up to now. */
export function createRecommender(parts: {
  readonly lookups: Lookups;
  readonly rulings: Rulings;
  readonly counters: Counters;
  readonly shownLog: Pick<ShownLog, 'record'>;
  readonly impressionStates: Pick<ImpressionStates, 'note'>;
  readonly exposures: Pick<Exposures, 'read' | 'shown'>;
  readonly observeRun?: ObserveRun;
}): Recommender {
  const pipeline = createPipeline(recommendationsRecipe(parts), parts.observeRun);
  const queryFor = async (request: RecommenderRequest) =>
    gather(request, await parts.rulings.of(request.rules, request.surface, request.snapshot.items));
  return {
    conclude: pipeline.conclude,
    components: pipeline.components,
    async trace(request, itemIds) {
      const query = await queryFor(request);
      const ranking = await pipeline.execute(query, request.deadline);
      const { items } = request.snapshot;
      const find = whereabouts({ query, ranking, items, rules: RECOMMENDATION_RULES, first: request.first });
      return { components: pipeline.components(), steps: ranking.trace, items: itemIds.map(find) };
    },
    async recommend(request) {
      const { snapshot } = request;
      const query = await queryFor(request);
      const ranking = await pipeline.execute(query, request.deadline);
      const rows = ranking.order.subarray(0, request.count);
      const shown = select(ranking.candidates, rows);
      const byHeuristic = ranking.scorer === heuristic.name;
      const ranker = byHeuristic ? heuristicRanker : (snapshot.ranker ?? heuristicRanker);
      const { evidence, effects, error } = await gatherEvidence(ranker, shown);
      return {
        items: present(query, ranking, rows, evidence, effects),
        evidence,
        total: ranking.candidates.items.length,
        byHeuristic,
        dropped: error === null ? ranking.dropped : [...ranking.dropped, `explanation: ${error}`],
        trace: ranking.trace,
      };
    },
  };
}

function gather(
  {
    snapshot,
    events,
    impressions,
    facts,
    surface,
    context,
    excludeIds,
    count: _,
    deadline: __,
    ...request
  }: RecommenderRequest,
  rules: CompiledRules,
): RankingQuery {
  const person = readPerson(events, snapshot, impressions, facts);
  const known = {
    ...request,
    rules,
    snapshot,
    person,
    setting: settingOf(snapshot.segments, circumstancesOf(context, request.now, facts)),
    excluded: new Set(excludeIds.map((id) => snapshot.items.indexOf(id)).filter((item) => item >= 0)),
    diversity: request.diversity ?? surfaceDiversity(surface, isStranger(person)),
  };
  return { ...known, finding: findingFor(known) };
}

/** A list that cannot be explained is still a list. */
async function gatherEvidence(
  ranker: Ranker,
  shown: Candidates,
): Promise<{ evidence: Evidence; effects: readonly FeatureEffect[][]; error: string | null }> {
  const { sources } = shown;
  try {
    const matrix = matrixOf(ranker, shown);
    const effects = await featureEffects(ranker, matrix);
    return { evidence: { sources, features: ranker.features, matrix }, effects, error: null };
  } catch (error) {
    return { evidence: { ...NO_EVIDENCE, sources }, effects: [], error: describe(error) };
  }
}

function present(
  { snapshot, person }: RankingQuery,
  { candidates, scores, rules, propensities }: Ranking,
  rows: Int32Array,
  evidence: Evidence,
  effects: readonly FeatureEffect[][],
): RankedItem[] {
  const reasonOf = reasonsFor(snapshot, person);
  return Array.from(rows, (row, at) => {
    const item = candidates.items[row] ?? 0;
    const sources = sourcesOf(evidence, at);
    const isRising = sources.some(({ source }) => source === RISING);
    return {
      itemId: snapshot.items.ids[item] ?? '',
      score: scores[row] ?? 0,
      source: sources[0]?.source ?? '',
      reason: reasonOf(item, effects[at] ?? [], isRising),
      rules: rules.get(row) ?? [],
      propensity: propensities?.[row] ?? 1,
    };
  });
}
