// What Curio is held against: Apollo Server as it comes, answering the same query from objects in memory. Prints its URL.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const typeDefs = `
  enum Degradation { NONE }
  type Query { recommendations(first: Int = 10, userId: ID): RecommendationResult! }
  type RecommendationResult { requestId: ID! algorithmVersion: String! degraded: Degradation! cached: Boolean! recommendations: [Recommendation!]! }
  type Recommendation { score: Float! reason: String! source: String! position: Int! item: Item! }
  type Item { id: ID! kind: String! title: String! category: String tags: [String!]! author: User }
  type User { id: ID! name: String! }
`;
const authors = Array.from({ length: 1000 }, (_, n) => ({ id: `user-${n}`, name: `Person ${n}` }));
const items = Array.from({ length: 50_000 }, (_, n) => ({
  id: `item-${n}`,
  kind: 'lens',
  title: `Lens ${n} warm light`,
  category: `topic-${n % 50}`,
  tags: [`t${n % 50}-1`, `t${n % 50}-2`, `t${n % 50}-3`],
  authorId: n % 1000,
}));
let turn = 0;
const resolvers = {
  Query: {
    recommendations: (_, { first }) => ({
      requestId: `request-${turn++}`,
      algorithmVersion: 'plain',
      degraded: 'NONE',
      cached: false,
      recommendations: Array.from({ length: first }, (_, position) => ({
        score: 0.5,
        reason: 'Because it is there',
        source: 'memory',
        position,
        item: items[(turn * 20 + position) % items.length],
      })),
    }),
  },
  Item: { author: ({ authorId }) => authors[authorId] },
};
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
console.log(`ready at ${url}`);
