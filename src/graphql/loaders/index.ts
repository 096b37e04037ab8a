import type DataLoader from 'dataloader';
import type { Item, ItemStats, User } from '../../domain/entities.js';
import type { UserLookup } from '../../services/people/types.js';
import type { ItemLookup } from '../../services/recommendations/types.js';
import type { Services } from '../../services/services.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import { entityLoader } from './entity.js';
import { createSimilarLoader, type SimilarLoader } from './similar.js';

/** Everything a request reads by id, each type batched: the keys asked for in one turn of the loop become one call. */
export interface Loaders {
  /** Null where unknown; hidden items have `hiddenAt` set. */
  readonly item: DataLoader<string, Item | null>;
  readonly user: DataLoader<string, User | null>;
  readonly itemStats: DataLoader<string, ItemStats>;
  /** Epoch milliseconds; null for someone who never acted. */
  readonly lastActive: DataLoader<string, number | null>;
  readonly similar: SimilarLoader;
  /** The item loader as services take it. */
  readonly lookup: ItemLookup;
  /** The user loader as services take it. */
  readonly userLookup: UserLookup;
}

export interface LoaderDeps {
  readonly tenant: string;
  readonly entities: EntityStore;
  readonly services: Services;
}

export function createLoaders({ tenant, entities, services }: LoaderDeps): Loaders {
  const item = entityLoader((ids) => entities.items(tenant, ids));
  const user = entityLoader((ids) => entities.users(tenant, ids));
  const lookup: ItemLookup = (ids) => Promise.all(ids.map((id) => item.load(id)));
  return {
    item,
    user,
    itemStats: entityLoader((ids) => entities.itemStats(tenant, ids)),
    lastActive: entityLoader((ids) => entities.lastActive(tenant, ids)),
    similar: createSimilarLoader({ tenant, recommendations: services.recommendations, lookup }),
    lookup,
    userLookup: (ids) => Promise.all(ids.map((id) => user.load(id))),
  };
}
