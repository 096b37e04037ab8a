import type { Resolvers } from '../../generated/graphql.js';
import { actingUser, mayReadOf, requireRole, requireSelfOr } from '../../services/access.js';
import { count, id, idOrNull, textOrNull, whole } from '../arguments.js';
import { DEFAULT_HISTORY, MAX_BATCH, MAX_FIRST } from '../bounds.js';
import { identified } from '../context.js';
import { userDraft } from '../inputs/drafts.js';

export const users: Resolvers = {
  Query: {
    viewer(_, _args, context) {
      const { userId } = identified(context);
      return userId === null ? null : context.loaders.user.load(userId);
    },
    user(_, args, context) {
      identified(context);
      return context.loaders.user.load(id('id', args.id));
    },
  },
  Mutation: {
    upsertUsers(_, args, context) {
      const identity = identified(context);
      requireRole(identity, 'service', 'admin');
      count('users', args.users, 1, MAX_BATCH);
      return context.services.catalog.upsertUsers(identity.tenant, args.users.map(userDraft), context.signal);
    },
    setConsent(_, args, context) {
      const identity = identified(context);
      const userId = actingUser(identity, idOrNull('userId', args.userId));
      return context.services.privacy.setConsent(identity.tenant, userId, args.personalisation);
    },
    eraseUser(_, args, context) {
      const identity = identified(context);
      requireSelfOr(identity, id('id', args.id), 'admin');
      return context.services.catalog.eraseUser(identity.tenant, args.id);
    },
  },
  User: {
    async lastActiveAt(user, _args, { loaders }) {
      const time = await loaders.lastActive.load(user.id);
      return time === null ? null : new Date(time);
    },
    personalised: (user, _args, context) =>
      mayReadOf(identified(context), user.id, 'service', 'admin') ? user.personalised : null,
    async history(user, args, context) {
      const identity = identified(context);
      requireSelfOr(identity, user.id, 'service', 'admin');
      const first = whole('first', args.first, DEFAULT_HISTORY, { min: 1, max: MAX_FIRST });
      return context.services.history.page(
        identity.tenant,
        user.id,
        first,
        textOrNull('after', args.after),
        context.signal,
      );
    },
  },
  Interaction: {
    async item({ target }, _args, { loaders }) {
      if (!('itemId' in target)) return null;
      const item = await loaders.item.load(target.itemId);
      return item?.hiddenAt == null ? item : null;
    },
    user: ({ target }, _args, { loaders }) => ('userId' in target ? loaders.user.load(target.userId) : null),
    occurredAt: ({ occurredAt }) => new Date(occurredAt),
  },
};
