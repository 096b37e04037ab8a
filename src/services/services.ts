import type { CatalogService } from './catalog/types.js';
import type { FeedService } from './feed/types.js';
import type { FeedbackService } from './feedback/types.js';
import type { HistoryService } from './history/types.js';
import type { PeopleService } from './people/types.js';
import type { PostService } from './posts/types.js';
import type { PrivacyService } from './privacy/types.js';
import type { RecommendationService } from './recommendations/types.js';
import type { RuleService } from './rules/types.js';
import type { SearchService } from './search/types.js';
import type { TrendingService } from './trending/types.js';

/** Every use case, as the GraphQL and HTTP sides see them. */
export interface Services {
  readonly recommendations: RecommendationService;
  readonly feedback: FeedbackService;
  readonly catalog: CatalogService;
  readonly history: HistoryService;
  readonly people: PeopleService;
  readonly privacy: PrivacyService;
  readonly rules: RuleService;
  readonly trending: TrendingService;
  readonly search: SearchService;
  readonly posts: PostService;
  readonly feed: FeedService;
}
