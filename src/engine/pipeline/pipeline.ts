import { type Candidates, unite } from '../../domain/candidates.js';
import { type Deadline, NO_DEADLINE } from '../../domain/deadline.js';
import { ignoreRuns, type ObserveRun } from './observer.js';
import { type Removal, runEffect, runFilters, runHydrators, runRerankers, runScorers, runSources } from './run.js';
import type { Ranked, Recipe } from './stages.js';
import { createTrace, type Stage, type Step } from './trace.js';

/** What a run made, as columns. Objects are made of it only for the few that are shown. */
export interface Ranking extends Ranked {
  /** Those that passed the filters. */
  readonly candidates: Candidates;
  /** Row → what the re-rankers did to it, in order of application. */
  readonly rules: ReadonlyMap<number, readonly string[]>;
  /** By row: the probability of getting its place; null where nothing was left to chance. */
  readonly propensities: Float32Array | null;
  readonly removed: readonly Removal[];
  /** Name of the scorer that counted. */
  readonly scorer: string;
  readonly trace: readonly Step[];
  /** Names of the components that failed or were late. */
  readonly dropped: readonly string[];
}

export interface Pipeline<Q, S> {
  readonly name: string;
  /**
   * Ranks. Failed sources, hydrators, scorers and re-rankers are dropped and named.
   * What takes longer than its share of `deadline` counts as failed.
   * @throws when a filter failed, or every scorer did.
   */
  execute(query: Q, deadline?: Deadline): Promise<Ranking>;
  /** Starts the effects once the present turn of the event loop is over. Their errors go to `failed`. */
  conclude(shown: S, failed: (effect: string, error: unknown) => void): void;
  /** The recipe, in order of application. */
  components(): readonly { readonly stage: Stage | 'effect'; readonly name: string }[];
}

/** Runs a recipe. Knows nothing of what is recommended. `observe` hears of every run that came to its end. */
export function createPipeline<Q, S>(recipe: Recipe<Q, S>, observe: ObserveRun = ignoreRuns): Pipeline<Q, S> {
  return {
    name: recipe.name,
    async execute(query, deadline = NO_DEADLINE) {
      const trace = createTrace();
      const found = await runSources(recipe.sources, query, deadline, trace);
      const hydrated = await runHydrators(recipe.hydrators, query, unite(found), deadline, trace);
      const { candidates, removed } = runFilters(recipe.filters, query, hydrated, trace);
      const { scores, scorer } = await runScorers(recipe.scorers, query, candidates, deadline, trace);
      const { order, rules, propensities, ...ranked } = runRerankers(
        recipe.rerankers,
        query,
        candidates,
        scores,
        trace,
      );
      observe({
        pipeline: recipe.name,
        steps: trace.steps,
        found: hydrated.items.length,
        kept: candidates.items.length,
      });
      const dropped = trace.steps.filter((step) => step.error !== null).map((step) => step.name);
      return {
        candidates,
        order,
        scores: ranked.scores,
        rules,
        propensities,
        removed,
        scorer,
        trace: trace.steps,
        dropped,
      };
    },
    conclude(shown, failed) {
      setImmediate(() => {
        for (const effect of recipe.effects) void runEffect(effect, shown, failed);
      });
    },
    components: () => [
      ...recipe.sources.map(({ name }) => ({ stage: 'source' as const, name })),
      ...recipe.hydrators.map(({ name }) => ({ stage: 'hydrator' as const, name })),
      ...recipe.filters.map(({ name }) => ({ stage: 'filter' as const, name })),
      ...recipe.scorers.map(({ name }) => ({ stage: 'scorer' as const, name })),
      ...recipe.rerankers.map(({ name }) => ({ stage: 'reranker' as const, name })),
      ...recipe.effects.map(({ name }) => ({ stage: 'effect' as const, name })),
    ],
  };
}
