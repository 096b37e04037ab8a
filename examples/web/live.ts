import { createClient } from 'graphql-ws';
import type { Server } from './ask.js';
import { TrendingUpdatedDocument, type TrendingUpdatedSubscription } from './generated/graphql.js';

type Update = TrendingUpdatedSubscription['trendingUpdated'];
type Entry = Update['items'][number];

/**
 * What trends, each time it changes; `stop` ends it, `failed` hears of what cannot be cured. When the connection breaks it is opened again, on whichever node answers, and
 * goes on from the last cursor.
 */
export function watchTrending(
  { url, token }: Server,
  show: (list: readonly Entry[]) => void,
  failed: (error: unknown) => void,
): { stop(): void } {
  const client = createClient({
    url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    // Close codes that trying again does not cure (4400, 4401) end it all the same.
    shouldRetry: () => true,
  });
  let list = new Map<string, Entry>();
  // Sent again as it is at that moment whenever the connection is opened anew.
  const variables: { first: number; after?: string } = { first: 10 };
  client.subscribe<TrendingUpdatedSubscription>(
    { query: TrendingUpdatedDocument.toString(), variables },
    {
      next({ data }) {
        if (data == null) return;
        const { cursor, whole, items, left } = data.trendingUpdated;
        if (whole) list = new Map();
        for (const id of left) list.delete(id);
        for (const entry of items) list.set(entry.item.id, entry);
        variables.after = cursor;
        show([...list.values()].sort((a, b) => a.rank - b.rank));
      },
      error: failed,
      complete() {},
    },
  );
  return { stop: () => void client.dispose() };
}
