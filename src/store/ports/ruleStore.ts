import type { BusinessRule, RuleDraft } from '../../domain/businessRule.js';

/** The rules of the business, few for each tenant. */
export interface RuleStore {
  /** In the order of their ids (by code unit). */
  list(tenant: string, signal?: AbortSignal): Promise<BusinessRule[]>;
  /** Creates the rule, or replaces the one of that id. */
  upsert(tenant: string, draft: RuleDraft): Promise<BusinessRule>;
  /** False when there was none. */
  delete(tenant: string, id: string): Promise<boolean>;
}
