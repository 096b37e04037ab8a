import type { ItemFilter as ItemFilterInput } from '../../generated/graphql.js';
import type { ItemFilter } from '../../services/recommendations/types.js';
import { ids, numberOrNull, wordsOrNull } from '../arguments.js';
import { MAX_LIST } from '../bounds.js';

/** @throws CurioError BAD_USER_INPUT naming the member. */
export function itemFilter(input: ItemFilterInput | null | undefined): ItemFilter | null {
  if (input == null) return null;
  return {
    ids: null,
    kind: wordsOrNull('filter.kind', input.kind),
    category: wordsOrNull('filter.category', input.category),
    tagsAny: wordsOrNull('filter.tagsAny', input.tagsAny),
    tagsAll: wordsOrNull('filter.tagsAll', input.tagsAll),
    authorId: input.authorId == null ? null : ids('filter.authorId', input.authorId, 0, MAX_LIST),
    createdAfter: input.createdAfter ?? null,
    minPopularity: numberOrNull('filter.minPopularity', input.minPopularity, { min: 0 }),
    notIds: input.notIds == null ? null : ids('filter.notIds', input.notIds, 0, MAX_LIST),
  };
}
