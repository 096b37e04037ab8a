import type { Catalogue } from '../features/taste.js';
import type { KernelPool } from '../kernels/pool.js';
import type { ItemTable } from '../registry/snapshot.js';
import { breathe } from './breathe.js';
import type { Encounters } from './examples/encounters.js';
import type { EventColumns } from './examples/eventColumns.js';
import type { Interactions } from './examples/interactions.js';
import type { SocialGraph } from './examples/social.js';
import { joinContent } from './joinContent.js';
import { type OnProgress, stageProgress } from './progress.js';
import { type AlsParameters, trainAls } from './trainers/als.js';
import type { ContentParameters, TrainedContent } from './trainers/content.js';
import { trainCounts } from './trainers/counts.js';
import { type GraphParameters, trainItemGraph } from './trainers/graph.js';
import { type NeighbourParameters, trainItemNeighbours } from './trainers/itemNeighbours.js';
import { type PopularityParameters, trainPopularity } from './trainers/popularity.js';
import { type SegmentParameters, trainSegments } from './trainers/segments.js';
import { type SequenceParameters, trainSequence } from './trainers/sequence.js';
import { type SpectralParameters, trainSpectral } from './trainers/spectral.js';

export interface SourceParameters {
  readonly als: AlsParameters;
  readonly spectral: SpectralParameters;
  readonly neighbours: NeighbourParameters;
  readonly graph: GraphParameters;
  readonly sequence: SequenceParameters;
  readonly popularity: PopularityParameters;
  readonly segments: SegmentParameters;
  readonly content: ContentParameters;
}

export interface TrainedSources {
  readonly parts: Catalogue;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Trains every source of candidates on the same interactions. `social` is the graph of the same moment. */
export async function trainSources(options: {
  readonly items: ItemTable;
  readonly interactions: Interactions;
  readonly social: SocialGraph;
  /** Of the same events. */
  readonly encounters: Encounters;
  /** The log that all of these are made of, and how many of its events. */
  readonly events: EventColumns;
  readonly count: number;
  /** What the items say; null where they say nothing. */
  readonly content: TrainedContent | null;
  readonly parameters: SourceParameters;
  readonly seed: number;
  readonly pool: KernelPool;
  /** Said before the name of each stage. */
  readonly label: string;
  readonly onProgress: OnProgress;
}): Promise<TrainedSources> {
  const { items, interactions, social, encounters, events, count, content, parameters, seed, pool, label, onProgress } =
    options;
  const tastes = stageProgress(`${label}tastes`, parameters.als.iterations, onProgress);
  const als = await trainAls({ interactions, parameters: parameters.als, seed, pool, onIteration: tastes });
  const filter = stageProgress(`${label}who belongs together`, parameters.spectral.iterations + 1, onProgress);
  const spectral = await trainSpectral({
    interactions,
    parameters: parameters.spectral,
    seed,
    pool,
    onIteration: filter,
  });
  const near = stageProgress(`${label}what goes with what`, 1, onProgress);
  const neighbours = await trainItemNeighbours({ interactions, parameters: parameters.neighbours, pool });
  near(1);
  const walks = stageProgress(`${label}what leads where`, 1, onProgress);
  const graph = await trainItemGraph({ interactions, social, parameters: parameters.graph, pool });
  walks(1);
  const next = stageProgress(`${label}what follows what`, 1, onProgress);
  const sequence = await trainSequence({ encounters, parameters: parameters.sequence, pool });
  next(1);
  await breathe();
  const popular = trainPopularity({
    interactions,
    createdAt: items.createdAt,
    parameters: parameters.popularity,
  });
  const moments = stageProgress(`${label}what suits the moment`, 1, onProgress);
  const segments = await trainSegments({ items, events, count, prior: popular.prior, parameters: parameters.segments });
  const { halfLifeDays } = parameters.popularity;
  const counts = await trainCounts({ events, count, prior: popular.prior, halfLifeDays });
  moments(1);
  const models = { collaborative: als.model, spectral: spectral?.model ?? null };
  const joined =
    content === null
      ? null
      : await joinContent({ content, halfKnown: parameters.content.halfKnown, models, interactions, seed, pool });
  return {
    parts: {
      items,
      ...models,
      content: null,
      ...joined?.models,
      neighbours,
      graph,
      sequence,
      popularOrder: popular.order,
      popularPrior: popular.prior,
      segments,
      counts,
    },
    metrics: { 'als.loss': als.losses.at(-1) ?? 0, ...joined?.metrics },
  };
}
