import type { User } from '../../domain/entities.js';
import type { Degradation } from '../../domain/shown.js';
import type { UserFilter } from '../../domain/userFilter.js';

export type { UserFilter };

/** Looks users up within one request: same order, null where unknown. The caller's batching loader stands behind it. */
export type UserLookup = (ids: readonly string[]) => Promise<readonly (User | null)[]>;

export interface PeopleRequest {
  readonly tenant: string;
  readonly userId: string;
  /** 1 to 100. */
  readonly first: number;
  readonly filter: UserFilter | null;
  readonly excludeSeen: boolean;
  readonly sessionId: string | null;
  /** Aborts when nobody waits for the answer any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface RecommendedUser {
  readonly user: User;
  /** 0 to 1. */
  readonly matchScore: number;
  readonly reason: string;
  readonly source: string;
  readonly position: number;
}

export interface RecommendedUsers {
  readonly requestId: string;
  readonly recommendations: readonly RecommendedUser[];
  readonly totalCount: number;
  readonly algorithmVersion: string;
  readonly variant: string | null;
  readonly generationTimeMs: number;
  readonly cached: boolean;
  readonly degraded: Degradation;
}

export interface SimilarUser {
  readonly user: User;
  readonly score: number;
  readonly reason: string;
}

/** Lists of people. Who may ask for whom is checked by the caller (`services/access.ts`). */
export interface PeopleService {
  recommend(request: PeopleRequest, lookup: UserLookup): Promise<RecommendedUsers>;
  /** Up to `first` people like someone; empty for someone of whom nothing is known. */
  similar(
    tenant: string,
    userId: string,
    first: number,
    filter: UserFilter | null,
    lookup: UserLookup,
    signal?: AbortSignal,
  ): Promise<readonly SimilarUser[]>;
}
