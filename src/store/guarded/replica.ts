import type { Guard } from '../../domain/guard.js';
import type { EntityStore } from '../ports/entityStore.js';
import type { EventLog } from '../ports/eventLog.js';
import type { PostgresStores } from '../postgres/open.js';

/** The reads of a request that may be as old as a replica is behind. */
export interface ReplicaReads {
  readonly entities: Pick<EntityStore, 'itemStats' | 'lastActive' | 'popularItems'>;
  readonly eventLog: Pick<EventLog, 'history' | 'recentlyActive'>;
}

/**
 * Sends these reads to a replica, and to the primary whenever the replica fails: where it is away, where it breaks a read off to
 * apply a change, where it has not heard of a migration yet.
 *
 * Users and items by id stay with the primary: what is read is kept until the next change is heard of, and a replica asked right
 * after that message would have the old row kept for long. So do states of people, rules, blocks, keys and lists shown, which must
 * know of the last acknowledged event, and the scans that search and trending start from, which continue with messages.
 */
export function readFromReplica(primary: PostgresStores, replica: ReplicaReads, guard: Guard): PostgresStores {
  async function read<T>(what: string, work: (from: ReplicaReads) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await guard(() => work(replica), what);
    } catch {
      signal?.throwIfAborted();
      return work(primary);
    }
  }
  return {
    ...primary,
    entities: {
      ...primary.entities,
      itemStats: (tenant, ids, signal) =>
        read('itemStats', ({ entities }) => entities.itemStats(tenant, ids, signal), signal),
      lastActive: (tenant, ids, signal) =>
        read('lastActive', ({ entities }) => entities.lastActive(tenant, ids, signal), signal),
      popularItems: (tenant, limit) => read('popularItems', ({ entities }) => entities.popularItems(tenant, limit)),
    },
    eventLog: {
      ...primary.eventLog,
      history: (tenant, userId, limit, after, signal) =>
        read('history', ({ eventLog }) => eventLog.history(tenant, userId, limit, after, signal), signal),
      recentlyActive: (tenant, events) =>
        read('recentlyActive', ({ eventLog }) => eventLog.recentlyActive(tenant, events)),
    },
  };
}
