import { gramMatrix } from '../kernels/gram.js';
import { paddedWidth } from '../kernels/layout.js';
import type { KernelPool } from '../kernels/pool.js';
import type { CollaborativeModel, ContentModel, SpectralModel } from '../registry/snapshot.js';
import type { Interactions } from './examples/interactions.js';
import { unpadGram } from './trainers/als.js';
import type { TrainedContent } from './trainers/content.js';
import { type ItemVectors, trainContentMap } from './trainers/contentMap.js';
import { placeNewItems } from './trainers/placeNewItems.js';

interface Models {
  readonly collaborative: CollaborativeModel;
  readonly spectral: SpectralModel | null;
}

export interface JoinedContent {
  readonly models: Models & { readonly content: ContentModel };
  readonly metrics: Readonly<Record<string, number>>;
}

/** Learns where what items say lies among what people did, and places little-known items by it. */
export async function joinContent(options: {
  readonly content: TrainedContent;
  /** See `placeNewItems`. */
  readonly halfKnown: number;
  readonly models: Models;
  readonly interactions: Interactions;
  readonly seed: number;
  readonly pool: KernelPool;
}): Promise<JoinedContent> {
  const { content, halfKnown, interactions, seed, pool } = options;
  const { collaborative, spectral } = options.models;
  const metBy = new Int32Array(interactions.itemCount);
  for (const item of interactions.items) metBy[item] = (metBy[item] ?? 0) + 1;
  const learn = async <M extends ItemVectors>(model: M) => {
    const learned = await trainContentMap({ content, model, metBy, seed, pool });
    if (learned === null) return { model, learned };
    const { map } = learned;
    const itemFactors = await placeNewItems({ content, model, map, metBy, halfKnown });
    return { model: { ...model, itemFactors }, learned };
  };
  const people = await learn(collaborative);
  const filter = spectral === null ? null : await learn(spectral);
  const toCollaborative = people.learned?.map ?? null;
  return {
    models: {
      collaborative:
        toCollaborative === null ? collaborative : { ...people.model, gram: await gramOf(pool, people.model) },
      spectral: filter?.model ?? null,
      content: { ...content, toCollaborative, toSpectral: filter?.learned?.map ?? null },
    },
    metrics: {
      ...(people.learned ? { 'content.explainsTastes': people.learned.explained } : {}),
      ...(filter?.learned ? { 'content.explainsSpectral': filter.learned.explained } : {}),
    },
  };
}

/** Fold-in weighs a person's items against all others, so it must know where these stand now. */
function gramOf(pool: KernelPool, { dimensions: d, itemFactors }: ItemVectors): Promise<Float64Array> {
  return pool.borrow(async (arena) => {
    const rows = itemFactors.length / d;
    const width = paddedWidth(d);
    const values = arena.float32(rows * width);
    for (let row = 0; row < rows; row++) values.set(itemFactors.subarray(row * d, (row + 1) * d), row * width);
    return unpadGram(await gramMatrix(pool, arena, { rows, width, values }), d);
  });
}
