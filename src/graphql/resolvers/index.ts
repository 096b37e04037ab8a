import type { Resolvers } from '../../generated/graphql.js';
import { dateTime } from '../scalars/dateTime.js';
import { json } from '../scalars/json.js';
import { feed } from './feed.js';
import { feedback } from './feedback.js';
import { items } from './items.js';
import { people } from './people.js';
import { posts } from './posts.js';
import { recommendations } from './recommendations.js';
import { rules } from './rules.js';
import { search } from './search.js';
import { trending } from './trending.js';
import { users } from './users.js';

/** One map a domain; the schema merges them. */
export const resolvers: readonly Resolvers[] = [
  { DateTime: dateTime, JSON: json },
  users,
  items,
  recommendations,
  people,
  feedback,
  posts,
  feed,
  rules,
  trending,
  search,
];
