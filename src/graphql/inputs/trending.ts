import type { Identity } from '../../domain/identity.js';
import type { ItemFilter as ItemFilterInput, TrendingWindow } from '../../generated/graphql.js';
import type { ItemFilter } from '../../services/recommendations/types.js';
import type { TrendingRequest } from '../../services/trending/types.js';
import { whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_FIRST } from '../bounds.js';
import type { GraphQLContext } from '../context.js';
import { itemFilter } from './itemFilter.js';

interface TrendingArguments {
  readonly first?: number | null;
  readonly window?: TrendingWindow | null;
  readonly filter?: ItemFilterInput | null;
}

/** @throws CurioError BAD_USER_INPUT */
export function trendingRequest({ tenant }: Identity, { first, window, filter }: TrendingArguments): TrendingRequest {
  return {
    tenant,
    window: window ?? 'HOUR',
    filter: itemFilter(filter),
    first: whole('first', first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST }),
  };
}

/** The filter of a list, with what trends looked up where only that is wanted. @throws CurioError BAD_USER_INPUT */
export async function trendingFilter(
  input: ItemFilterInput | null | undefined,
  { tenant }: Identity,
  { services }: GraphQLContext,
): Promise<ItemFilter | null> {
  const filter = itemFilter(input);
  if (filter === null || input?.trendingOnly !== true) return filter;
  return { ...filter, ids: await services.trending.ids(tenant) };
}
