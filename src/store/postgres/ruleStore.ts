import type { Pool } from 'pg';
import { type BusinessRule, RULE_KINDS, type RuleDraft, type RuleKind } from '../../domain/businessRule.js';
import type { Clock } from '../../domain/clock.js';
import type { PrismaClient, BusinessRule as RuleRow } from '../../generated/prisma/client.js';
import type { RuleStore } from '../ports/ruleStore.js';
import { selectUntil } from './cancellable.js';
import { asDate, asNumber, asText, listOf, orNull } from './rows.js';

const COLUMNS = `id, kind::text, item_ids, kinds, categories, tags_any, tags_all, author_ids, surfaces, weight, position, priority,
  starts_at, ends_at, created_at, updated_at`;

export function createRuleStore({
  pool,
  prisma,
  clock,
}: {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly clock: Clock;
}): RuleStore {
  return {
    // Lists wait for it: it stops when they do.
    async list(tenant, signal) {
      const text = `SELECT ${COLUMNS} FROM business_rules WHERE tenant = $1 ORDER BY id`;
      return (await selectUntil(pool, signal, { name: 'rules', text, values: [tenant] })).map(readRule);
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

const kinds = new Map<unknown, RuleKind>(RULE_KINDS.map((kind) => [kind, kind]));

function readRule(row: readonly unknown[]): BusinessRule {
  const [id, kind, ids, kindsOf, categories, tagsAny, tagsAll, authorIds, surfaces, weight, position, ...rest] = row;
  const [priority, startsAt, endsAt, createdAt, updatedAt] = rest;
  const known = kinds.get(kind);
  if (known === undefined) throw new Error(`The database answered the kind ${String(kind)} of a rule.`);
  return {
    id: asText(id),
    kind: known,
    target: {
      ids: listOf(ids),
      kind: listOf(kindsOf),
      category: listOf(categories),
      tagsAny: listOf(tagsAny),
      tagsAll: listOf(tagsAll),
      authorId: listOf(authorIds),
    },
    surfaces: listOf(surfaces),
    weight: orNull(asNumber)(weight),
    position: orNull(asNumber)(position),
    priority: asNumber(priority),
    startsAt: orNull(asDate)(startsAt),
    endsAt: orNull(asDate)(endsAt),
    createdAt: asDate(createdAt),
    updatedAt: asDate(updatedAt),
  };
}
