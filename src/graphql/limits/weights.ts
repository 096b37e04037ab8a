import type { Limited } from '../../limits/limits.js';
import { MAX_SIMILAR } from '../bounds.js';

/**
 * What answering a field costs by itself, in the cost of one object read by id; 0 where it is not named. What it answers costs 1
 * an object besides.
 */
export const WEIGHTS: Readonly<Record<string, number>> = {
  'Query.recommendations': 10,
  'Query.recommendedUsers': 10,
  'Query.similarUsers': 10,
  'Query.similarItems': 5,
  'Query.search': 10,
  'Query.suggest': 2,
  'Query.trending': 5,
  'Subscription.trendingUpdated': 5,
  'Query.rules': 5,
  'Item.similar': 5,
  'User.history': 5,
  'User.lastActiveAt': 1,
  'Recommendation.explanation': 2,
  'Mutation.refreshRecommendations': 2,
  'Mutation.sendFeedback': 2,
  'Mutation.follow': 2,
  'Mutation.unfollow': 2,
  'Mutation.block': 2,
  'Mutation.unblock': 2,
  'Mutation.createPost': 10,
  'Mutation.deletePost': 10,
  'Mutation.likePost': 2,
  'Mutation.unlikePost': 2,
  'Mutation.comment': 2,
  'Query.feed': 10,
  'Query.comments': 5,
  'Post.comments': 5,
  'FeedConnection.people': 10,
  'Post.likedByViewer': 1,
  'Mutation.upsertRule': 20,
  'Mutation.deleteRule': 20,
  'Mutation.hideItem': 20,
  'Mutation.eraseUser': 100,
};

export interface ChargedField {
  readonly limit: Limited;
  /** The argument whose entries are counted; without it a call is one token. */
  readonly list?: string;
}

/** Which limit each root field counts towards. The others count towards the cost alone. */
export const CHARGED: Readonly<Record<string, ChargedField>> = {
  'Query.recommendations': { limit: 'recommendations' },
  'Query.recommendedUsers': { limit: 'recommendations' },
  'Query.similarUsers': { limit: 'recommendations' },
  'Query.trending': { limit: 'recommendations' },
  'Subscription.trendingUpdated': { limit: 'recommendations' },
  'Query.search': { limit: 'search' },
  'Mutation.sendFeedback': { limit: 'feedback' },
  'Query.feed': { limit: 'recommendations' },
  'Mutation.follow': { limit: 'feedback' },
  'Mutation.unfollow': { limit: 'feedback' },
  'Mutation.block': { limit: 'feedback' },
  'Mutation.unblock': { limit: 'feedback' },
  'Mutation.likePost': { limit: 'feedback' },
  'Mutation.unlikePost': { limit: 'feedback' },
  'Mutation.comment': { limit: 'feedback' },
  'Mutation.createPost': { limit: 'posts' },
  'Mutation.sendFeedbackBatch': { limit: 'feedbackBatch', list: 'inputs' },
};

/** The largest `first` a field takes where that is not `MAX_FIRST`. */
export const LARGEST_FIRST: Readonly<Record<string, number>> = {
  'Item.similar': MAX_SIMILAR,
  'Post.comments': MAX_SIMILAR,
  'FeedConnection.people': MAX_SIMILAR,
};

/** Arguments whose length or value says how many objects a field may stand for. */
export const LISTS: ReadonlySet<string> = new Set(['ids', 'inputs', 'items', 'users', 'representations']);
