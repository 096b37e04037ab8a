import type { BusinessRule, RuleDraft } from '../../domain/businessRule.js';
import type { Clock } from '../../domain/clock.js';
import type { PrismaClient, BusinessRule as RuleRow } from '../../generated/prisma/client.js';
import type { RuleStore } from '../ports/ruleStore.js';

export function createRuleStore({ prisma, clock }: { prisma: PrismaClient; clock: Clock }): RuleStore {
  return {
    async list(tenant) {
      const rows = await prisma.businessRule.findMany({ where: { tenant }, orderBy: { id: 'asc' } });
      return rows.map(toRule);
    },
    async upsert(tenant, draft) {
      const { id } = draft;
      const data = { ...columnsOf(draft), updatedAt: new Date(clock()) };
      const row = await prisma.businessRule.upsert({
        where: { tenant_id: { tenant, id } },
        create: { tenant, id, ...data, createdAt: data.updatedAt },
        update: data,
      });
      return toRule(row);
    },
    async delete(tenant, id) {
      const { count } = await prisma.businessRule.deleteMany({ where: { tenant, id } });
      return count > 0;
    },
  };
}

function columnsOf({ id: _, target, surfaces, ...rest }: RuleDraft) {
  return {
    ...rest,
    itemIds: [...target.ids],
    kinds: [...target.kind],
    categories: [...target.category],
    tagsAny: [...target.tagsAny],
    tagsAll: [...target.tagsAll],
    authorIds: [...target.authorId],
    surfaces: [...surfaces],
  };
}

function toRule(row: RuleRow): BusinessRule {
  const { tenant: _, itemIds, kinds, categories, tagsAny, tagsAll, authorIds, ...rest } = row;
  return {
    ...rest,
    target: { ids: itemIds, kind: kinds, category: categories, tagsAny, tagsAll, authorId: authorIds },
  };
}
