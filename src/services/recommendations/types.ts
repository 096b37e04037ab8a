import type { Item } from '../../domain/entities.js';
import type { Explanation } from '../../domain/explanation.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import type { JsonObject } from '../../domain/json.js';
import type { Degradation } from '../../domain/shown.js';
import type { PipelineTrace } from '../../domain/trace.js';

export type { Explanation, ItemFilter };

/** Looks items up within one request: same order, null where unknown. The caller's batching loader stands behind it. */
export type ItemLookup = (ids: readonly string[]) => Promise<readonly (Item | null)[]>;

export interface RecommendRequest {
  readonly tenant: string;
  readonly userId: string;
  /** 1 to 100. */
  readonly first: number;
  readonly surface: string;
  readonly context: JsonObject | null;
  readonly filter: ItemFilter | null;
  readonly excludeSeen: boolean;
  readonly excludeIds: readonly string[];
  /** 0 to 1; null for the surface's own. */
  readonly diversity: number | null;
  /** The session it is for, or was before they signed in: what was done in it becomes the person's. */
  readonly sessionId: string | null;
  readonly requestId: string | null;
  /** Nothing more is done for a request once it aborts. */
  readonly signal?: AbortSignal;
}

export interface Recommended {
  readonly item: Item;
  readonly score: number;
  readonly reason: string;
  readonly source: string;
  readonly position: number;
  /** The probability with which it got its place in the list it was ranked in, and that place. */
  readonly propensity: number;
  readonly place: number;
  /** Works it out when asked, for the whole list at once. */
  readonly explain: () => Promise<Explanation>;
}

export interface Recommendations {
  readonly requestId: string;
  readonly recommendations: readonly Recommended[];
  readonly totalCount: number;
  readonly algorithmVersion: string;
  readonly variant: string | null;
  readonly generationTimeMs: number;
  readonly cached: boolean;
  readonly degraded: Degradation;
  /** Why it is poorer, for a person to read; null where it is not. */
  readonly reason: string | null;
  /** Ranks once more, as it would be done now, and tells how; null without a model. */
  readonly trace: (itemIds: readonly string[]) => Promise<PipelineTrace | null>;
}

export interface SimilarItem {
  readonly item: Item;
  readonly score: number;
  readonly reason: string;
}

export interface RecommendationService {
  recommend(request: RecommendRequest, lookup: ItemLookup): Promise<Recommendations>;
  /** Drops the person's cached lists on every node. */
  refresh(tenant: string, userId: string): Promise<void>;
  /** For each item, in order, up to `first` similar ones. Empty for an item the model does not know. */
  similarItems(
    tenant: string,
    itemIds: readonly string[],
    first: number,
    filter: ItemFilter | null,
    lookup: ItemLookup,
  ): Promise<(readonly SimilarItem[])[]>;
}
