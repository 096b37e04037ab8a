import { byObedience, isActive } from '../../domain/businessRule.js';
import type { Clock } from '../../domain/clock.js';
import { badInput } from '../../domain/errors.js';
import type { RuleBooks } from '../../engine/live/ruleBooks.js';
import type { RuleStore } from '../../store/ports/ruleStore.js';
import { checkId } from '../checks.js';
import type { TrendingService } from '../trending/types.js';
import { checkRule } from './checkRule.js';
import type { BusinessRule, ListedRule, RuleService } from './types.js';

/** Every node keeps all rules of a tenant, and looks at each for every item when they change. */
const MOST_RULES = 1_000;

export function createRuleService(parts: {
  readonly rules: RuleStore;
  readonly ruleBooks: Pick<RuleBooks, 'touch'>;
  readonly trending: Pick<TrendingService, 'changed'>;
  readonly newId: () => string;
  readonly clock: Clock;
}): RuleService {
  const { rules, ruleBooks, trending, newId, clock } = parts;
  const listed = (rule: BusinessRule): ListedRule => ({ ...rule, active: isActive(rule, clock()) });
  return {
    async list(tenant) {
      return (await rules.list(tenant)).sort(byObedience).map(listed);
    },
    async upsert(tenant, { id, ...rest }) {
      const draft = checkRule({ id: id ?? newId(), ...rest });
      const others = (await rules.list(tenant)).filter((rule) => rule.id !== draft.id);
      if (others.length >= MOST_RULES) {
        throw badInput('rule', `is one too many: there may be ${MOST_RULES}. Delete some that have ended`);
      }
      const rule = await rules.upsert(tenant, draft);
      await ruleBooks.touch(tenant);
      await trending.changed(tenant);
      return listed(rule);
    },
    async delete(tenant, id) {
      checkId('id', id);
      const deleted = await rules.delete(tenant, id);
      await ruleBooks.touch(tenant);
      await trending.changed(tenant);
      return deleted;
    },
  };
}
