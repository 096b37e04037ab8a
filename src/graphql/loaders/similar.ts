import DataLoader from 'dataloader';
import type {
  ItemFilter,
  ItemLookup,
  RecommendationService,
  SimilarItem,
} from '../../services/recommendations/types.js';

/** Similar items of one item; calls with the same `first` and filter share a batch. */
export type SimilarLoader = (
  itemId: string,
  first: number,
  filter: ItemFilter | null,
) => Promise<readonly SimilarItem[]>;

export interface SimilarLoaderDeps {
  readonly tenant: string;
  readonly recommendations: RecommendationService;
  readonly lookup: ItemLookup;
}

export function createSimilarLoader({ tenant, recommendations, lookup }: SimilarLoaderDeps): SimilarLoader {
  const groups = new Map<string, DataLoader<string, readonly SimilarItem[]>>();
  return (itemId, first, filter) => {
    const key = JSON.stringify([first, filter]);
    let group = groups.get(key);
    if (group === undefined) {
      group = new DataLoader((ids) => recommendations.similarItems(tenant, ids, first, filter, lookup), {
        maxBatchSize: 1_000,
      });
      groups.set(key, group);
    }
    return group.load(itemId);
  };
}
