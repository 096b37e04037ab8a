import { badInput } from '../../domain/errors.js';
import type { ItemFilter as ItemFilterInput } from '../../generated/graphql.js';
import type { ItemFilter } from '../../services/recommendations/types.js';
import { count, ids, numberOrNull, textOrNull } from '../arguments.js';
import { MAX_LIST } from '../bounds.js';

/** @throws CurioError BAD_USER_INPUT naming the member. */
export function itemFilter(input: ItemFilterInput | null | undefined): ItemFilter | null {
  if (input == null) return null;
  return {
    kind: words('filter.kind', input.kind),
    category: words('filter.category', input.category),
    tagsAny: words('filter.tagsAny', input.tagsAny),
    tagsAll: words('filter.tagsAll', input.tagsAll),
    authorId: input.authorId == null ? null : ids('filter.authorId', input.authorId, 0, MAX_LIST),
    createdAfter: input.createdAfter ?? null,
    minPopularity: numberOrNull('filter.minPopularity', input.minPopularity, { min: 0 }),
    notIds: input.notIds == null ? null : ids('filter.notIds', input.notIds, 0, MAX_LIST),
  };
}

function words(field: string, values: readonly string[] | null | undefined): readonly string[] | null {
  if (values == null) return null;
  count(field, values, 0, MAX_LIST);
  for (const [index, value] of values.entries()) {
    if (value.length === 0) throw badInput(`${field}[${index}]`, 'must not be empty');
    textOrNull(`${field}[${index}]`, value);
  }
  return values;
}
