import type { Post } from '../../domain/posts.js';
import type { Degradation } from '../../domain/shown.js';

export type FeedOrder = 'RANKED' | 'RECENT';

/** Whose posts: of the people one follows, or what may please someone who follows nobody. */
export type FeedSource = 'FOLLOWED' | 'RECOMMENDED';

export interface FeedRequest {
  readonly tenant: string;
  readonly userId: string;
  /** 1 to 100. */
  readonly first: number;
  readonly after: string | null;
  /** Of a first page; a cursor has its own. */
  readonly order: FeedOrder;
  /** Aborts when nobody waits for the answer any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface FeedPage {
  readonly userId: string;
  readonly order: FeedOrder;
  readonly source: FeedSource;
  readonly edges: readonly FeedEdge[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** `POPULAR` where what the person likes could not be told in time, `EMPTY` where nothing is shown. */
  readonly degraded: Degradation;
}

export interface FeedEdge {
  readonly cursor: string;
  readonly node: Post;
  readonly score: number;
  readonly reason: string;
}

export interface FeedService {
  /**
   * What a first page begins stays as it is for an hour: its later pages neither repeat nor skip a post, whatever is posted
   * meanwhile; what is deleted, hidden, blocked or no longer followed is left out.
   * @throws CurioError BAD_USER_INPUT for a cursor that is not ours, or has ended.
   */
  page(request: FeedRequest): Promise<FeedPage>;
}
