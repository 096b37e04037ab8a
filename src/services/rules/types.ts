import type { BusinessRule, RuleDraft, RuleTarget } from '../../domain/businessRule.js';

export type { BusinessRule, RuleDraft, RuleTarget };

/** A rule as it stands now. */
export interface ListedRule extends BusinessRule {
  /** Whether its time has begun and not ended. */
  readonly active: boolean;
}

/** A rule as a caller writes it; without an id it is a new one. */
export type RuleRequest = Omit<RuleDraft, 'id'> & { readonly id: string | null };

/** The rules of the business. Who may call which is checked by the caller (`services/access.ts`). */
export interface RuleService {
  /** The one that is obeyed first comes first. */
  list(tenant: string): Promise<readonly ListedRule[]>;
  /**
   * Creates the rule, or replaces the one of that id. Every node obeys within a second, this one at once.
   * @throws CurioError BAD_USER_INPUT
   */
  upsert(tenant: string, rule: RuleRequest): Promise<ListedRule>;
  /** False when there was none. */
  delete(tenant: string, id: string): Promise<boolean>;
}
