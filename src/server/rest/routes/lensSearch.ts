import { z } from 'zod';
import { badInput } from '../../../domain/errors.js';
import { MAX_TEXT } from '../../../graphql/bounds.js';
import { itemFilter } from '../../../graphql/inputs/itemFilter.js';
import { dateTime } from '../../../graphql/scalars/dateTime.js';
import { checkLine } from '../../../services/checks.js';
import type { ItemFilter } from '../../../services/recommendations/types.js';
import { lens, lensOf } from '../answers.js';
import { jsonText, num, objectOf } from '../fields.js';
import { defineRoute } from '../route.js';

/** One value, or a list of them. */
const words = z
  .union([z.string().transform((word) => [word]), z.array(z.string())])
  .nullish()
  .transform((given) => given ?? null);

const filters = z.strictObject({
  kind: words,
  category: words,
  tags_any: words,
  tags_all: words,
  author_id: words,
  created_after: z.string().nullish(),
  min_popularity: z.int().nullish(),
  not_ids: words,
});

export const lensSearch = defineRoute({
  method: 'GET',
  path: '/v1/lens_search',
  summary: 'Lenses by words and by what they mean',
  input: z.object({
    query: z.string().min(1).max(MAX_TEXT),
    filters: jsonText
      .describe(`What to narrow to: a JSON object of ${Object.keys(filters.shape).join(', ')}, as it is or in base64.`)
      .optional(),
    num,
  }),
  output: {
    status: 200,
    schema: z.object({ recommendations: z.array(lens), request_id: z.string() }),
  },
  limit: 'search',
  cost: (input) => 10 + 2 * input.num,
  async answer({ identity, requestId, services, loaders, signal }, input) {
    checkLine('query', input.query, MAX_TEXT, 1);
    const { tenant, userId } = identity;
    const { edges } = await services.search.search(
      { tenant, userId, query: input.query, first: input.num, after: null, filter: filterOf(input.filters), signal },
      loaders.lookup,
    );
    return { recommendations: edges.map(({ node }) => lensOf(node)), request_id: requestId };
  },
});

function filterOf(text: string | undefined): ItemFilter | null {
  const given = objectOf('filters', text);
  if (given === null) return null;
  const parsed = filters.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw badInput(['filters', ...(issue?.path ?? [])].join('.'), `is not right: ${issue?.message}`);
  }
  const { tags_any, tags_all, author_id, created_after, min_popularity, not_ids, ...rest } = parsed.data;
  return itemFilter({
    ...rest,
    tagsAny: tags_any,
    tagsAll: tags_all,
    authorId: author_id,
    createdAfter: created_after == null ? null : momentOf(created_after),
    minPopularity: min_popularity ?? null,
    notIds: not_ids,
  });
}

function momentOf(text: string): Date {
  try {
    return dateTime.parseValue(text);
  } catch (error) {
    throw badInput('filters.created_after', error instanceof Error ? error.message : 'must be a date and time');
  }
}
