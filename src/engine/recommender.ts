import { type Candidates, select } from '../domain/candidates.js';
import type { ItemEvent } from '../domain/events.js';
import type { Explanation } from '../domain/explanation.js';
import type { ItemFilter } from '../domain/itemFilter.js';
import type { ShownList } from '../domain/shown.js';
import type { Snapshot } from '../registry/snapshot.js';
import type { Lookups } from '../retrieval/lookups.js';
import type { Counters } from '../store/ports/counters.js';
import type { ShownLog } from '../store/ports/shownLog.js';
import { type FeatureEffect, featureEffects } from './explain/effects.js';
import { type Reason, reasonsFor } from './explain/reason.js';
import { findingFor } from './finding.js';
import type { ActiveRules } from './live/ruleBooks.js';
import { isStranger, readPerson } from './person.js';
import { createPipeline, type Pipeline, type Ranking } from './pipeline/pipeline.js';
import { describe, type Step } from './pipeline/trace.js';
import type { RankingQuery } from './query.js';
import { recommendationsRecipe } from './recipes/recommendations.js';
import { surfaceDiversity } from './recipes/surfaces.js';
import type { CompiledRules } from './rules/compiled.js';
import type { Rulings } from './rules/rulings.js';
import { heuristic, heuristicRanker } from './scorers/heuristic.js';
import { RISING } from './sources/rising.js';

export interface RecommenderRequest {
  readonly snapshot: Snapshot;
  /** What the person did on items, newest first. */
  readonly events: readonly ItemEvent[];
  readonly surface: string;
  readonly filter: ItemFilter | null;
  readonly excludeSeen: boolean;
  readonly excludeIds: readonly string[];
  /** Those that hold now. */
  readonly rules: ActiveRules;
  /** Null for the surface's own. */
  readonly diversity: number | null;
  /** How many will be shown: as many are put in their final order. */
  readonly first: number;
  /** How many of the best to answer, at most: more than are shown, to stand in for what is hidden meanwhile. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** One item of the answer. Here candidates become objects, and only the best of them. */
export interface RankedItem {
  readonly itemId: string;
  readonly score: number;
  /** The source that ranked it highest; of equal ranks the first of the recipe. */
  readonly source: string;
  readonly reason: Reason;
  readonly explanation: Explanation;
}

export interface RankedItems {
  readonly items: readonly RankedItem[];
  /** Candidates that passed the filters. */
  readonly total: number;
  /** Whether the fixed formula ranked. */
  readonly byHeuristic: boolean;
  /** Names of the components that failed or were late. */
  readonly dropped: readonly string[];
  readonly trace: readonly Step[];
}

export interface Recommender extends Pick<Pipeline<RankingQuery, ShownList>, 'conclude' | 'components'> {
  /** @throws when a filter failed. */
  recommend(request: RecommenderRequest): Promise<RankedItems>;
}

/** Items for a person, from one snapshot and what they did up to now. */
export function createRecommender(parts: {
  readonly lookups: Lookups;
  readonly rulings: Rulings;
  readonly counters: Counters;
  readonly shownLog: Pick<ShownLog, 'record'>;
}): Recommender {
  const pipeline = createPipeline(recommendationsRecipe(parts));
  return {
    conclude: pipeline.conclude,
    components: pipeline.components,
    async recommend(request) {
      const { rules, surface, snapshot } = request;
      const query = gather(request, await parts.rulings.of(rules, surface, snapshot.items));
      const ranking = await pipeline.execute(query);
      const rows = ranking.order.subarray(0, request.count);
      const shown = select(ranking.candidates, rows);
      const byHeuristic = ranking.scorer === heuristic.name;
      const { effects, error } = await explain(snapshot, shown, byHeuristic);
      return {
        items: present(query, ranking, rows, shown, effects),
        total: ranking.candidates.items.length,
        byHeuristic,
        dropped: error === null ? ranking.dropped : [...ranking.dropped, `explanation: ${error}`],
        trace: ranking.trace,
      };
    },
  };
}

function gather(
  { snapshot, events, surface, excludeIds, count: _, ...request }: RecommenderRequest,
  rules: CompiledRules,
): RankingQuery {
  const person = readPerson(events, snapshot);
  const known = {
    ...request,
    rules,
    snapshot,
    person,
    excluded: new Set(excludeIds.map((id) => snapshot.items.indexOf(id)).filter((item) => item >= 0)),
    diversity: request.diversity ?? surfaceDiversity(surface, isStranger(person)),
  };
  return { ...known, finding: findingFor(known) };
}

/** A list without its explanation is still a list. */
async function explain(
  { ranker }: Snapshot,
  shown: Candidates,
  byHeuristic: boolean,
): Promise<{ effects: readonly FeatureEffect[][]; error: string | null }> {
  try {
    return {
      effects: await featureEffects(byHeuristic ? heuristicRanker : (ranker ?? heuristicRanker), shown),
      error: null,
    };
  } catch (error) {
    return { effects: [], error: describe(error) };
  }
}

function present(
  { snapshot, person }: RankingQuery,
  { scores, rules }: Ranking,
  rows: Int32Array,
  shown: Candidates,
  effects: readonly FeatureEffect[][],
): RankedItem[] {
  const reasonOf = reasonsFor(snapshot, person);
  return Array.from(rows, (row, at) => {
    const item = shown.items[at] ?? 0;
    const sources = shown.sources
      .map(({ name, scores, ranks }) => ({ source: name, score: scores[at] ?? 0, rank: ranks[at] ?? -1 }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank);
    const itsEffects = effects[at] ?? [];
    return {
      itemId: snapshot.items.ids[item] ?? '',
      score: scores[row] ?? 0,
      source: sources[0]?.source ?? '',
      reason: reasonOf(
        item,
        itsEffects,
        sources.some(({ source }) => source === RISING),
      ),
      explanation: {
        sources,
        features: itsEffects.map(({ feature, value, effect }) => ({ feature, value, weight: effect / value })),
        rules: rules.get(row) ?? [],
      },
    };
  });
}
