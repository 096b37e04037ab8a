import { type Candidates, type Found, select } from '../../domain/candidates.js';
import type { Deadline } from '../../domain/deadline.js';
import { within } from '../../domain/within.js';
import { checkFound, checkHydrated, checkRanked, checkScored, checkSifted } from './checks.js';
import type { Effect, Filter, Hydrator, Ranked, Reranker, Scorer, Source } from './stages.js';
import { describe, type Trace } from './trace.js';

/** Of the time that is left: sources have deadlines of their own besides; later stages leave some for those after them. */
const SOURCES_SHARE = 0.5;
const STAGE_SHARE = 0.6;

/** What one filter took out. */
export interface Removal {
  readonly filter: string;
  readonly items: Int32Array;
  readonly reasons: readonly string[];
}

export async function runSources<Q>(
  sources: readonly Source<Q>[],
  query: Q,
  deadline: Deadline,
  trace: Trace,
): Promise<{ name: string; found: Found }[]> {
  const answers = await Promise.all(
    sources.map(async (source) => {
      const { name, quota, deadlineMs } = source;
      const finish = trace.start('source', name, 0);
      try {
        if (!source.enabled(query)) return null;
        // What answers at once costs neither a timer nor a turn, and its time is its own.
        const answer = source.fetch(query);
        const patience = Math.min(deadlineMs, deadline.of(SOURCES_SHARE));
        const found = checkFound(name, quota, answer instanceof Promise ? await within(patience, answer) : answer);
        finish(found.items.length);
        return { name, found };
      } catch (error) {
        finish(0, error);
        return null;
      }
    }),
  );
  return answers.filter((answer) => answer !== null);
}

export async function runHydrators<Q>(
  hydrators: readonly Hydrator<Q>[],
  query: Q,
  candidates: Candidates,
  deadline: Deadline,
  trace: Trace,
): Promise<Candidates> {
  const size = candidates.items.length;
  const answers = await Promise.all(
    hydrators.map(async (hydrator) => {
      const finish = trace.start('hydrator', hydrator.name, size);
      try {
        const answer = hydrator.hydrate(query, candidates);
        const hydrated = answer instanceof Promise ? await within(deadline.of(STAGE_SHARE), answer) : answer;
        checkHydrated(hydrator.name, candidates, hydrated);
        finish(size);
        return [...hydrated.columns];
      } catch (error) {
        finish(size, error);
        return [];
      }
    }),
  );
  return { ...candidates, columns: new Map(answers.flat()) };
}

export function runFilters<Q>(
  filters: readonly Filter<Q>[],
  query: Q,
  all: Candidates,
  trace: Trace,
): { candidates: Candidates; removed: Removal[] } {
  let candidates = all;
  const removals: Removal[] = [];
  for (const filter of filters) {
    const finish = trace.start('filter', filter.name, candidates.items.length);
    const sifted = filter.filter(query, candidates);
    checkSifted(filter.name, candidates, sifted);
    if (sifted.removed.length > 0) {
      const before = candidates.items;
      const items = sifted.removed.map((row) => before[row] ?? 0);
      removals.push({ filter: filter.name, items, reasons: sifted.reasons });
      candidates = select(candidates, sifted.kept);
    }
    finish(candidates.items.length);
  }
  return { candidates, removed: removals };
}

export async function runScorers<Q>(
  scorers: readonly Scorer<Q>[],
  query: Q,
  candidates: Candidates,
  deadline: Deadline,
  trace: Trace,
): Promise<{ scores: Float32Array; scorer: string }> {
  const size = candidates.items.length;
  const failures: string[] = [];
  for (const scorer of scorers) {
    if (!scorer.enabled(query)) continue;
    const finish = trace.start('scorer', scorer.name, size);
    try {
      const answer = scorer.score(query, candidates);
      const scored = answer instanceof Promise ? await within(deadline.of(STAGE_SHARE), answer) : answer;
      checkScored(scorer.name, candidates, scored);
      finish(size);
      return { scores: scored.scores, scorer: scorer.name };
    } catch (error) {
      finish(0, error);
      failures.push(`${scorer.name}: ${describe(error)}`);
    }
  }
  throw new Error(`No scorer could score ${size} candidates. ${failures.join('; ')}`);
}

export function runRerankers<Q>(
  rerankers: readonly Reranker<Q>[],
  query: Q,
  candidates: Candidates,
  scores: Float32Array,
  trace: Trace,
): Ranked & { rules: ReadonlyMap<number, readonly string[]>; propensities: Float32Array | null } {
  const size = candidates.items.length;
  const rules = new Map<number, string[]>();
  let propensities: Float32Array | null = null;
  let ranked: Ranked = { order: Int32Array.from(candidates.items, (_, row) => row), scores };
  for (const reranker of rerankers) {
    const finish = trace.start('reranker', reranker.name, size);
    try {
      const reranked = reranker.rerank(query, candidates, ranked);
      checkRanked(reranker.name, candidates, reranked);
      const { order, scores: rescored, moved } = reranked;
      ranked = { order, scores: rescored };
      propensities = reranked.propensities ?? propensities;
      for (const [row, rule] of moved) rules.set(row, [...(rules.get(row) ?? []), rule]);
      finish(size);
    } catch (error) {
      finish(size, error);
    }
  }
  return { ...ranked, rules, propensities };
}

export async function runEffect<S>(
  effect: Effect<S>,
  shown: S,
  failed: (effect: string, error: unknown) => void,
): Promise<void> {
  try {
    await effect.run(shown);
  } catch (error) {
    failed(effect.name, error);
  }
}
