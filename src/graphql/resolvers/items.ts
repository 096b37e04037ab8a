import type { Item } from '../../domain/entities.js';
import type { Resolvers } from '../../generated/graphql.js';
import { requireRole } from '../../services/access.js';
import { count, id, ids, whole } from '../arguments.js';
import { DEFAULT_FIRST, MAX_BATCH, MAX_FIRST, MAX_IDS, MAX_SIMILAR } from '../bounds.js';
import { identified } from '../context.js';
import { itemDraft } from '../inputs/drafts.js';
import { trendingFilter } from '../inputs/trending.js';

export const items: Resolvers = {
  Query: {
    async item(_, args, context) {
      identified(context);
      return visible(await context.loaders.item.load(id('id', args.id)));
    },
    async items(_, args, context) {
      identified(context);
      return (await context.loaders.lookup(ids('ids', args.ids, 1, MAX_IDS))).map(visible);
    },
    async similarItems(_, args, context) {
      const identity = identified(context);
      const first = whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_FIRST });
      const itemId = id('itemId', args.itemId);
      return context.loaders.similar(itemId, first, await trendingFilter(args.filter, identity, context));
    },
  },
  Mutation: {
    upsertItems(_, args, context) {
      const identity = identified(context);
      requireRole(identity, 'service', 'admin');
      count('items', args.items, 1, MAX_BATCH);
      return context.services.catalog.upsertItems(identity.tenant, args.items.map(itemDraft), context.signal);
    },
    hideItem(_, args, context) {
      const identity = identified(context);
      requireRole(identity, 'service', 'admin');
      return context.services.catalog.hideItem(identity.tenant, id('id', args.id));
    },
  },
  Item: {
    author: ({ authorId }, _args, { loaders }) => (authorId === null ? null : loaders.user.load(authorId)),
    stats: ({ id }, _args, { loaders }) => loaders.itemStats.load(id),
    // Async, as every resolver inside lists that may throw: graphql-js leaves the rejections of other entries unhandled
    // when one entry fails at once.
    async similar(item, args, { loaders }) {
      const first = whole('first', args.first, DEFAULT_FIRST, { min: 1, max: MAX_SIMILAR });
      return loaders.similar(item.id, first, null);
    },
  },
};

function visible(item: Item | null): Item | null {
  return item?.hiddenAt == null ? item : null;
}
