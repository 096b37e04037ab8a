import type { Candidates } from '../domain/candidates.js';
import { categoryAffinity } from './categoryAffinity.js';
import { collaborative } from './collaborative.js';
import { contentAffinity } from './contentAffinity.js';
import { declaredInterest } from './declaredInterest.js';
import type { Feature, FeatureRequest } from './feature.js';
import { freshness } from './freshness.js';
import { graph } from './graph.js';
import { likeRateOfDay, likeRateOfWeek } from './likeRate.js';
import { neighbours } from './neighbours.js';
import { newcomerInterest } from './newcomerInterest.js';
import { newcomerPopularity } from './newcomerPopularity.js';
import { newestContent } from './newestContent.js';
import { popularity } from './popularity.js';
import { recentLikeness } from './recentLikeness.js';
import { popularityOfDay, popularityOfHour, popularityOfMinutes, popularityOfWeek } from './recentPopularity.js';
import { relative } from './relative.js';
import {
  agePopularity,
  devicePopularity,
  hourPopularity,
  locationPopularity,
  momentPopularity,
} from './segmentPopularity.js';
import { sequence } from './sequence.js';
import { sequencePair } from './sequencePair.js';
import { spectralAffinity } from './spectralAffinity.js';
import { tagAffinity } from './tagAffinity.js';

/** Every feature, in the order of the ranker's columns. */
export const FEATURES: readonly Feature[] = [
  collaborative,
  spectralAffinity,
  neighbours,
  graph,
  sequence,
  sequencePair,
  recentLikeness,
  popularity,
  newcomerPopularity,
  tagAffinity,
  categoryAffinity,
  contentAffinity,
  newestContent,
  freshness,
  hourPopularity,
  locationPopularity,
  devicePopularity,
  agePopularity,
  momentPopularity,
  declaredInterest,
  newcomerInterest,
  popularityOfMinutes,
  popularityOfHour,
  popularityOfDay,
  popularityOfWeek,
  likeRateOfDay,
  likeRateOfWeek,
  relative(collaborative),
  relative(spectralAffinity),
  relative(neighbours),
  relative(graph),
];

/** One `Float32Array` per feature of `FEATURES`, each as long as `candidates`. */
export function computeFeatures(request: FeatureRequest, candidates: Candidates): Float32Array[] {
  const columns = new Map<string, Float32Array>();
  for (const feature of FEATURES) {
    const column = new Float32Array(candidates.items.length);
    feature.compute(request, candidates, column, columns);
    columns.set(feature.name, column);
  }
  return [...columns.values()];
}
