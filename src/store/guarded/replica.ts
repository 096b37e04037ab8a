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
  async function read<T>(
    what: string,
    work: (from: ReplicaReads, signal?: AbortSignal) => Promise<T>,
    until?: AbortSignal,
  ): Promise<T> {
    try {
      return await guard((signal) => work(replica, signal), what, until);
    } catch {
      until?.throwIfAborted();
      return work(primary, until);
    }
  }
  return {
    ...primary,
    entities: {
      ...primary.entities,
      itemStats: (tenant, ids, until) =>
        read('itemStats', ({ entities }, signal) => entities.itemStats(tenant, ids, signal), until),
      lastActive: (tenant, ids, until) =>
        read('lastActive', ({ entities }, signal) => entities.lastActive(tenant, ids, signal), until),
      popularItems: (tenant, limit, until) =>
        read('popularItems', ({ entities }, signal) => entities.popularItems(tenant, limit, signal), until),
    },
    eventLog: {
      ...primary.eventLog,
      history: (tenant, userId, limit, after, until) =>
        read('history', ({ eventLog }, signal) => eventLog.history(tenant, userId, limit, after, signal), until),
      recentlyActive: (tenant, events, until) =>
        read('recentlyActive', ({ eventLog }, signal) => eventLog.recentlyActive(tenant, events, signal), until),
    },
  };
}
