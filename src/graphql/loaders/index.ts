import type DataLoader from 'dataloader';
import type { Item, ItemStats, User } from '../../domain/entities.js';
import type { Post } from '../../domain/posts.js';
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
  /** Null where there is none for the viewer. */
  readonly post: DataLoader<string, Post | null>;
  /** Whether the viewer likes a post; false without one. */
  readonly likedPost: DataLoader<string, boolean>;
  /** The item loader as services take it. */
  readonly lookup: ItemLookup;
  /** The user loader as services take it. */
  readonly userLookup: UserLookup;
}

export interface LoaderDeps {
  readonly tenant: string;
  /** Null for a service without a user. */
  readonly viewerId: string | null;
  readonly entities: EntityStore;
  readonly services: Services;
  /** Aborts what is being read. */
  readonly signal: AbortSignal;
  /** Milliseconds that one read may take. */
  readonly deadlineMs: number;
}

export function createLoaders({ tenant, viewerId, entities, services, signal, deadlineMs }: LoaderDeps): Loaders {
  const loader = <T>(read: (ids: readonly string[], until: AbortSignal) => Promise<T[]>) =>
    entityLoader(read, deadlineMs, signal);
  const item = loader((ids, until) => entities.items(tenant, ids, until));
  const user = loader((ids, until) => entities.users(tenant, ids, until));
  const lookup: ItemLookup = (ids) => Promise.all(ids.map((id) => item.load(id)));
  return {
    item,
    user,
    itemStats: loader((ids, until) => entities.itemStats(tenant, ids, until)),
    lastActive: loader((ids, until) => entities.lastActive(tenant, ids, until)),
    post: loader((ids, until) => services.posts.load(tenant, viewerId, ids, until)),
    likedPost: loader(async (ids, until) =>
      viewerId === null ? ids.map(() => false) : services.posts.likedBy(tenant, viewerId, ids, until),
    ),
    similar: createSimilarLoader({ tenant, recommendations: services.recommendations, lookup }),
    lookup,
    userLookup: (ids) => Promise.all(ids.map((id) => user.load(id))),
  };
}
