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
          Recommendation: '../services/recommendations/types.js#Recommended as RecommendationModel',
          Rule: '../services/rules/types.js#ListedRule as RuleModel',
          ScoredItem: '../services/recommendations/types.js#SimilarItem as ScoredItemModel',
        },
      },
    },
  },
};

export default config;
