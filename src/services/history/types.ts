import type { StoredEvent } from '../../domain/events.js';

export interface HistoryPage {
  readonly edges: readonly { readonly cursor: string; readonly node: StoredEvent }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface HistoryService {
  /** Newest first; stable while new events arrive. Throws `BAD_USER_INPUT` for a cursor that is not ours. */
  page(tenant: string, userId: string, first: number, after: string | null, signal?: AbortSignal): Promise<HistoryPage>;
}
