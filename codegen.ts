import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        strictScalars: true,
        makeResolverTypeCallable: true,
        contextType: '../graphql/context.js#GraphQLContext',
        scalars: { ID: 'string', DateTime: 'Date', JSON: '../domain/json.js#JsonObject' },
        mappers: {
          Item: '../domain/entities.js#Item as ItemModel',
          User: '../domain/entities.js#User as UserModel',
          Interaction: '../domain/events.js#StoredEvent as InteractionModel',
          RecommendationResult: '../services/recommendations/types.js#Recommendations as RecommendationsModel',
          Post: '../domain/posts.js#Post as PostModel',
          Comment: '../domain/posts.js#Comment as CommentModel',
          FeedConnection: '../services/feed/types.js#FeedPage as FeedPageModel',
          Recommendation: '../services/recommendations/types.js#Recommended as RecommendationModel',
          Rule: '../services/rules/types.js#ListedRule as RuleModel',
          TrendingItem: '../services/trending/types.js#Trending as TrendingItemModel',
          TrendingUpdate: '../services/trending/types.js#TrendingUpdate as TrendingUpdateModel',
          SearchEdge: '../services/search/types.js#FoundItem as SearchEdgeModel',
          ScoredItem: '../services/recommendations/types.js#SimilarItem as ScoredItemModel',
        },
      },
    },
  },
};

export default config;
