import type { SourceColumn } from '../../domain/candidates.js';
import type { Explanation } from '../../domain/explanation.js';
import type { Ranker } from '../../registry/snapshot.js';
import { featureEffects } from './effects.js';

/** What spoke for the items of a list, in their order: as columns, from which any of them can be explained later. */
export interface Evidence {
  readonly sources: readonly SourceColumn[];
  /** Names of the columns of `matrix`. */
  readonly features: readonly string[];
  /** Items × features, row after row: what the ranker was given. */
  readonly matrix: Float32Array;
}

export const NO_EVIDENCE: Evidence = { sources: [], features: [], matrix: new Float32Array(0) };

/** That of the items at the given places. */
export function selectEvidence({ sources, features, matrix }: Evidence, places: readonly number[]): Evidence {
  const width = features.length;
  const rows = new Float32Array(places.length * width);
  places.forEach((place, at) => {
    rows.set(matrix.subarray(place * width, (place + 1) * width), at * width);
  });
  return {
    sources: sources.map(({ name, scores, ranks }) => ({
      name,
      scores: Float32Array.from(places, (place) => scores[place] ?? Number.NaN),
      ranks: Int32Array.from(places, (place) => ranks[place] ?? -1),
    })),
    features,
    matrix: rows,
  };
}

/** The sources that named the item at a place of the list, best rank first; of equal ranks the first of the recipe. */
export function sourcesOf({ sources }: Evidence, at: number): Explanation['sources'] {
  return sources
    .map(({ name, scores, ranks }) => ({ source: name, score: scores[at] ?? 0, rank: ranks[at] ?? -1 }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
}

/**
 * Explains every item of a list. `ranker` is the one that scored it; without it there is nothing to say of features.
 * `rules` has one entry per item.
 */
export async function explain(
  evidence: Evidence,
  rules: readonly (readonly string[])[],
  ranker: Ranker | null,
): Promise<Explanation[]> {
  const known = ranker !== null && String(ranker.features) === String(evidence.features);
  const effects = known ? await featureEffects(ranker, evidence.matrix) : [];
  return rules.map((moved, at) => ({
    sources: sourcesOf(evidence, at),
    features: (effects[at] ?? []).map(({ feature, value, effect }) => ({ feature, value, weight: effect / value })),
    rules: moved,
  }));
}
