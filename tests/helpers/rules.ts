import { type BusinessRule, byObedience, type RuleDraft, type RuleTarget } from '../../src/domain/businessRule.js';
import type { ActiveRules } from '../../src/engine/live/ruleBooks.js';
import type { RuleStore } from '../../src/store/ports/ruleStore.js';

const EVERYTHING: RuleTarget = { ids: [], kind: [], category: [], tagsAny: [], tagsAll: [], authorId: [] };

/** A rule that keeps out an item of its own name, unless said otherwise. */
export function ruleDraft(
  id: string,
  parts: Partial<RuleDraft> = {},
  target: Partial<RuleTarget> = { ids: [id] },
): RuleDraft {
  return {
    id,
    kind: 'EXCLUDE',
    target: { ...EVERYTHING, ...target },
    surfaces: [],
    weight: null,
    position: null,
    priority: 0,
    startsAt: null,
    endsAt: null,
    ...parts,
  };
}

export function rule(id: string, parts: Partial<RuleDraft> = {}, target?: Partial<RuleTarget>): BusinessRule {
  return { ...ruleDraft(id, parts, target), createdAt: new Date(0), updatedAt: new Date(0) };
}

export function activeRules(...rules: readonly BusinessRule[]): ActiveRules {
  return { version: rules.map(({ id }) => id).join(), rules: [...rules].sort(byObedience) };
}

/** Rules in a map. */
export function createFakeRules(): RuleStore {
  const tenants = new Map<string, Map<string, BusinessRule>>();
  const of = (tenant: string) => tenants.get(tenant) ?? new Map<string, BusinessRule>();
  return {
    list: async (tenant) => [...of(tenant).values()],
    async upsert(tenant, draft) {
      const rules = of(tenant);
      tenants.set(tenant, rules);
      const kept = { ...draft, createdAt: rules.get(draft.id)?.createdAt ?? new Date(0), updatedAt: new Date(0) };
      rules.set(draft.id, kept);
      return kept;
    },
    delete: async (tenant, id) => of(tenant).delete(id),
  };
}
