/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How far down the ladder of poorer answers this list had to step. */
export type Degradation =
  /** Nothing could be recommended. */
  | 'EMPTY'
  /** Ranked by the fixed formula, without the learned ranker. */
  | 'HEURISTIC_RANKER'
  /** Found by words alone: there is no model yet that knows what items are about. */
  | 'LEXICAL'
  /** The full pipeline. */
  | 'NONE'
  /** Searched while the index was still being filled. */
  | 'PARTIAL'
  /** What is popular, not personal. */
  | 'POPULAR';

export type FeedOrder =
  /** By how new a post is, how often the person likes its author, how they like its tags, and how many like it. */
  | 'RANKED'
  /** Newest first. */
  | 'RECENT';

export type FeedSource =
  /** Posts of the people the person follows. */
  | 'FOLLOWED'
  /** They posted nothing, or the person follows nobody: what may please them, and `people` to follow. */
  | 'RECOMMENDED';

export type FeedbackAction =
  | 'APPLY'
  /**
   * Only for a `userId` target: neither sees anything of the other until an `UNBLOCK`. A `HIDE` or `REPORT` of a person does the
   * same.
   */
  | 'BLOCK'
  | 'DISLIKE'
  /** Only for a `userId` target. */
  | 'FOLLOW'
  | 'HIDE'
  | 'LIKE'
  /** Needs `value`, 0 to 5. */
  | 'RATE'
  | 'REPORT'
  | 'SAVE'
  | 'SHARE'
  | 'SKIP'
  /** Only for a `userId` target. */
  | 'UNBLOCK'
  /** Only for a `userId` target. */
  | 'UNFOLLOW'
  | 'VIEW';

export type FeedbackInput = {
  readonly action: FeedbackAction;
  readonly context?: Readonly<Record<string, unknown>> | null | undefined;
  readonly durationMs?: number | null | undefined;
  /** Your own id: sending it twice counts once. Made for you when left out. */
  readonly eventId?: string | number | null | undefined;
  /** The present, when left out; up to 5 minutes ahead is accepted. */
  readonly occurredAt?: string | null | undefined;
  readonly position?: number | null | undefined;
  /** The `requestId` of the list it was shown in. */
  readonly requestId?: string | number | null | undefined;
  /**
   * The session it was done in. A service that names nobody else speaks for the session itself; what was done in it becomes
   * the person's with the first request that names both.
   */
  readonly sessionId?: string | number | null | undefined;
  readonly target: FeedbackTarget;
  /** Whose action it was: the token's user unless a service or an admin names another. */
  readonly userId?: string | number | null | undefined;
  readonly value?: number | null | undefined;
};

export type FeedbackTarget =
  {   readonly itemId: string | number; readonly userId?: never; }
  |  { readonly itemId?: never;   readonly userId: string | number; };

export type ItemFilter = {
  readonly authorId?: ReadonlyArray<string | number> | null | undefined;
  readonly category?: ReadonlyArray<string> | null | undefined;
  readonly createdAfter?: string | null | undefined;
  readonly kind?: ReadonlyArray<string> | null | undefined;
  /** At least this many positive actions. */
  readonly minPopularity?: number | null | undefined;
  readonly notIds?: ReadonlyArray<string | number> | null | undefined;
  /** Every one of these tags. */
  readonly tagsAll?: ReadonlyArray<string> | null | undefined;
  /** At least one of these tags. */
  readonly tagsAny?: ReadonlyArray<string> | null | undefined;
  /** Only what trends by the hour, at most a hundred items. */
  readonly trendingOnly?: boolean | null | undefined;
};

export type MediaInput = {
  /** The size of the file, exactly. */
  readonly bytes: number;
  /** `image/jpeg`, `image/png`, `image/webp`, `image/gif` or `video/mp4`. */
  readonly type: string;
};

export type PostInput = {
  readonly media?: MediaInput | null | undefined;
  /** 1 to 5,000 characters. Words marked with `#` become tags. */
  readonly text: string;
};

/** How far back "lately" reaches. */
export type TrendingWindow =
  | 'DAY'
  | 'HOUR'
  | 'MINUTES_15'
  | 'WEEK';

export type HomeQueryVariables = Exact<{ [key: string]: never; }>;


export type HomeQuery = { readonly viewer: { readonly id: string, readonly name: string, readonly interests: ReadonlyArray<string> } | null, readonly recommendations: { readonly requestId: string, readonly degraded: Degradation, readonly recommendations: ReadonlyArray<{ readonly position: number, readonly score: number, readonly reason: string, readonly item: { readonly id: string, readonly title: string, readonly category: string | null, readonly previewUrl: string | null } }> }, readonly recommendedUsers: { readonly requestId: string, readonly degraded: Degradation, readonly recommendations: ReadonlyArray<{ readonly position: number, readonly matchScore: number, readonly reason: string, readonly user: { readonly id: string, readonly name: string, readonly interests: ReadonlyArray<string> } }> }, readonly trending: ReadonlyArray<{ readonly rank: number, readonly change: number, readonly item: { readonly id: string, readonly title: string, readonly previewUrl: string | null } }>, readonly feed: { readonly source: FeedSource, readonly degraded: Degradation, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly reason: string, readonly node: { readonly id: string, readonly text: string, readonly likeCount: number, readonly commentCount: number, readonly likedByViewer: boolean, readonly createdAt: string, readonly author: { readonly id: string, readonly name: string } | null, readonly media: { readonly type: string, readonly url: string } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SendFeedbackMutationVariables = Exact<{
  input: FeedbackInput;
}>;


export type SendFeedbackMutation = { readonly sendFeedback: { readonly eventId: string, readonly duplicate: boolean } };

export type SendFeedbackBatchMutationVariables = Exact<{
  inputs: ReadonlyArray<FeedbackInput> | FeedbackInput;
}>;


export type SendFeedbackBatchMutation = { readonly sendFeedbackBatch: { readonly accepted: number, readonly duplicates: number, readonly rejected: ReadonlyArray<{ readonly index: number, readonly code: string, readonly message: string }> } };

export type MoreRecommendationsQueryVariables = Exact<{
  first: number;
  excludeIds?: ReadonlyArray<string | number> | string | number | null | undefined;
  filter?: ItemFilter | null | undefined;
}>;


export type MoreRecommendationsQuery = { readonly recommendations: { readonly requestId: string, readonly degraded: Degradation, readonly recommendations: ReadonlyArray<{ readonly position: number, readonly score: number, readonly reason: string, readonly item: { readonly id: string, readonly title: string, readonly category: string | null, readonly previewUrl: string | null } }> } };

export type SimilarQueryVariables = Exact<{
  itemId: string | number;
  first: number;
}>;


export type SimilarQuery = { readonly similarItems: ReadonlyArray<{ readonly score: number, readonly reason: string, readonly item: { readonly id: string, readonly title: string, readonly previewUrl: string | null } }> };

export type SearchQueryVariables = Exact<{
  query: string;
  first: number;
  after?: string | null | undefined;
  filter?: ItemFilter | null | undefined;
}>;


export type SearchQuery = { readonly search: { readonly totalCount: number, readonly didYouMean: string | null, readonly degraded: Degradation, readonly edges: ReadonlyArray<{ readonly highlights: ReadonlyArray<string>, readonly node: { readonly id: string, readonly title: string, readonly category: string | null, readonly previewUrl: string | null } }>, readonly facets: { readonly category: ReadonlyArray<{ readonly value: string, readonly count: number }> }, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SuggestQueryVariables = Exact<{
  prefix: string;
}>;


export type SuggestQuery = { readonly suggest: ReadonlyArray<string> };

export type FeedQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  order?: FeedOrder | null | undefined;
}>;


export type FeedQuery = { readonly feed: { readonly source: FeedSource, readonly degraded: Degradation, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly reason: string, readonly node: { readonly id: string, readonly text: string, readonly likeCount: number, readonly commentCount: number, readonly likedByViewer: boolean, readonly createdAt: string, readonly author: { readonly id: string, readonly name: string } | null, readonly media: { readonly type: string, readonly url: string } | null } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type CreatePostMutationVariables = Exact<{
  input: PostInput;
}>;


export type CreatePostMutation = { readonly createPost: { readonly post: { readonly id: string, readonly text: string, readonly createdAt: string, readonly media: { readonly type: string, readonly url: string } | null }, readonly upload: { readonly method: string, readonly url: string, readonly headers: Readonly<Record<string, unknown>>, readonly expiresAt: string } | null } };

export type LikePostMutationVariables = Exact<{
  id: string | number;
}>;


export type LikePostMutation = { readonly likePost: { readonly id: string, readonly likeCount: number, readonly likedByViewer: boolean } };

export type UnlikePostMutationVariables = Exact<{
  id: string | number;
}>;


export type UnlikePostMutation = { readonly unlikePost: { readonly id: string, readonly likeCount: number, readonly likedByViewer: boolean } };

export type CommentMutationVariables = Exact<{
  postId: string | number;
  text: string;
}>;


export type CommentMutation = { readonly comment: { readonly id: string, readonly text: string, readonly createdAt: string } };

export type FollowMutationVariables = Exact<{
  id: string | number;
}>;


export type FollowMutation = { readonly follow: boolean };

export type UnfollowMutationVariables = Exact<{
  id: string | number;
}>;


export type UnfollowMutation = { readonly unfollow: boolean };

export type TrendingUpdatedSubscriptionVariables = Exact<{
  first?: number | null | undefined;
  window?: TrendingWindow | null | undefined;
  after?: string | number | null | undefined;
}>;


export type TrendingUpdatedSubscription = { readonly trendingUpdated: { readonly cursor: string, readonly whole: boolean, readonly left: ReadonlyArray<string>, readonly items: ReadonlyArray<{ readonly rank: number, readonly change: number, readonly item: { readonly id: string, readonly title: string, readonly previewUrl: string | null } }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const HomeDocument = new TypedDocumentString(`
    query Home {
  viewer {
    id
    name
    interests
  }
  recommendations(first: 10) {
    requestId
    degraded
    recommendations {
      position
      score
      reason
      item {
        id
        title
        category
        previewUrl
      }
    }
  }
  recommendedUsers(first: 5) {
    requestId
    degraded
    recommendations {
      position
      matchScore
      reason
      user {
        id
        name
        interests
      }
    }
  }
  trending(first: 5) {
    rank
    change
    item {
      id
      title
      previewUrl
    }
  }
  feed(first: 5) {
    source
    degraded
    edges {
      cursor
      reason
      node {
        id
        text
        author {
          id
          name
        }
        media {
          type
          url
        }
        likeCount
        commentCount
        likedByViewer
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<HomeQuery, HomeQueryVariables>;
export const SendFeedbackDocument = new TypedDocumentString(`
    mutation SendFeedback($input: FeedbackInput!) {
  sendFeedback(input: $input) {
    eventId
    duplicate
  }
}
    `) as unknown as TypedDocumentString<SendFeedbackMutation, SendFeedbackMutationVariables>;
export const SendFeedbackBatchDocument = new TypedDocumentString(`
    mutation SendFeedbackBatch($inputs: [FeedbackInput!]!) {
  sendFeedbackBatch(inputs: $inputs) {
    accepted
    duplicates
    rejected {
      index
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SendFeedbackBatchMutation, SendFeedbackBatchMutationVariables>;
export const MoreRecommendationsDocument = new TypedDocumentString(`
    query MoreRecommendations($first: Int!, $excludeIds: [ID!], $filter: ItemFilter) {
  recommendations(first: $first, excludeIds: $excludeIds, filter: $filter) {
    requestId
    degraded
    recommendations {
      position
      score
      reason
      item {
        id
        title
        category
        previewUrl
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MoreRecommendationsQuery, MoreRecommendationsQueryVariables>;
export const SimilarDocument = new TypedDocumentString(`
    query Similar($itemId: ID!, $first: Int!) {
  similarItems(itemId: $itemId, first: $first) {
    score
    reason
    item {
      id
      title
      previewUrl
    }
  }
}
    `) as unknown as TypedDocumentString<SimilarQuery, SimilarQueryVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($query: String!, $first: Int!, $after: String, $filter: ItemFilter) {
  search(query: $query, first: $first, after: $after, filter: $filter) {
    totalCount
    didYouMean
    degraded
    edges {
      highlights
      node {
        id
        title
        category
        previewUrl
      }
    }
    facets {
      category {
        value
        count
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
export const SuggestDocument = new TypedDocumentString(`
    query Suggest($prefix: String!) {
  suggest(prefix: $prefix)
}
    `) as unknown as TypedDocumentString<SuggestQuery, SuggestQueryVariables>;
export const FeedDocument = new TypedDocumentString(`
    query Feed($first: Int!, $after: String, $order: FeedOrder) {
  feed(first: $first, after: $after, order: $order) {
    source
    degraded
    edges {
      cursor
      reason
      node {
        id
        text
        author {
          id
          name
        }
        media {
          type
          url
        }
        likeCount
        commentCount
        likedByViewer
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<FeedQuery, FeedQueryVariables>;
export const CreatePostDocument = new TypedDocumentString(`
    mutation CreatePost($input: PostInput!) {
  createPost(input: $input) {
    post {
      id
      text
      media {
        type
        url
      }
      createdAt
    }
    upload {
      method
      url
      headers
      expiresAt
    }
  }
}
    `) as unknown as TypedDocumentString<CreatePostMutation, CreatePostMutationVariables>;
export const LikePostDocument = new TypedDocumentString(`
    mutation LikePost($id: ID!) {
  likePost(id: $id) {
    id
    likeCount
    likedByViewer
  }
}
    `) as unknown as TypedDocumentString<LikePostMutation, LikePostMutationVariables>;
export const UnlikePostDocument = new TypedDocumentString(`
    mutation UnlikePost($id: ID!) {
  unlikePost(id: $id) {
    id
    likeCount
    likedByViewer
  }
}
    `) as unknown as TypedDocumentString<UnlikePostMutation, UnlikePostMutationVariables>;
export const CommentDocument = new TypedDocumentString(`
    mutation Comment($postId: ID!, $text: String!) {
  comment(postId: $postId, text: $text) {
    id
    text
    createdAt
  }
}
    `) as unknown as TypedDocumentString<CommentMutation, CommentMutationVariables>;
export const FollowDocument = new TypedDocumentString(`
    mutation Follow($id: ID!) {
  follow(id: $id)
}
    `) as unknown as TypedDocumentString<FollowMutation, FollowMutationVariables>;
export const UnfollowDocument = new TypedDocumentString(`
    mutation Unfollow($id: ID!) {
  unfollow(id: $id)
}
    `) as unknown as TypedDocumentString<UnfollowMutation, UnfollowMutationVariables>;
export const TrendingUpdatedDocument = new TypedDocumentString(`
    subscription TrendingUpdated($first: Int, $window: TrendingWindow, $after: ID) {
  trendingUpdated(first: $first, window: $window, after: $after) {
    cursor
    whole
    items {
      rank
      change
      item {
        id
        title
        previewUrl
      }
    }
    left
  }
}
    `) as unknown as TypedDocumentString<TrendingUpdatedSubscription, TrendingUpdatedSubscriptionVariables>;