import type { Resolvers } from '../../generated/graphql.js';
import { requireRole } from '../../services/access.js';
import { id } from '../arguments.js';
import { identified } from '../context.js';
import { ruleRequest } from '../inputs/rule.js';

export const rules: Resolvers = {
  Query: {
    rules(_, _args, context) {
      const identity = identified(context);
      requireRole(identity, 'service', 'admin');
      return context.services.rules.list(identity.tenant);
    },
  },
  Mutation: {
    upsertRule(_, args, context) {
      const identity = identified(context);
      requireRole(identity, 'admin');
      return context.services.rules.upsert(identity.tenant, ruleRequest(args.rule));
    },
    deleteRule(_, args, context) {
      const identity = identified(context);
      requireRole(identity, 'admin');
      return context.services.rules.delete(identity.tenant, id('id', args.id));
    },
  },
};
