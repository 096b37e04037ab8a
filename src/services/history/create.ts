import type { EventLog } from '../../store/ports/eventLog.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { HistoryService } from './types.js';

export function createHistoryService({ eventLog }: { readonly eventLog: Pick<EventLog, 'history'> }): HistoryService {
  return {
    async page(tenant, userId, first, after, signal) {
      const from = after === null ? null : decodeCursor('after', after);
      // One more than asked for tells whether there is a next page.
      const events = await eventLog.history(tenant, userId, first + 1, from, signal);
      const edges = events.slice(0, first).map((node) => ({ cursor: encodeCursor(node), node }));
      return {
        edges,
        pageInfo: { hasNextPage: events.length > first, endCursor: edges.at(-1)?.cursor ?? null },
      };
    },
  };
}
