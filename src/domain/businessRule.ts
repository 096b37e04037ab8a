import type { ItemFilter } from './itemFilter.js';

export const RULE_KINDS = ['BOOST', 'PIN', 'BURY', 'EXCLUDE'] as const;

/**
 * BOOST multiplies the odds of an item, PIN puts one item at a position, BURY puts items behind all others, EXCLUDE keeps
 * them out.
 */
export type RuleKind = (typeof RULE_KINDS)[number];

/** The items a rule is about. Each list narrows unless it is empty; at least one is not. */
export interface RuleTarget {
  readonly ids: readonly string[];
  readonly kind: readonly string[];
  readonly category: readonly string[];
  readonly tagsAny: readonly string[];
  readonly tagsAll: readonly string[];
  readonly authorId: readonly string[];
}

/** What the business asks of lists, whoever they are for. */
export interface BusinessRule {
  readonly id: string;
  readonly kind: RuleKind;
  readonly target: RuleTarget;
  /** The surfaces whose lists it is for; all of them when empty. */
  readonly surfaces: readonly string[];
  /** What a BOOST multiplies the odds by; null for other kinds. */
  readonly weight: number | null;
  /** Where a PIN puts its item, from 0; null for other kinds. */
  readonly position: number | null;
  /** Of rules that contradict each other the larger one is obeyed, then the smaller id. */
  readonly priority: number;
  /** From then on; always when null. */
  readonly startsAt: Date | null;
  /** Up to then, exclusive; for ever when null. */
  readonly endsAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type RuleDraft = Omit<BusinessRule, 'createdAt' | 'updatedAt'>;

/** `now` in epoch milliseconds. */
export function isActive({ startsAt, endsAt }: BusinessRule, now: number): boolean {
  return (startsAt === null || startsAt.getTime() <= now) && (endsAt === null || now < endsAt.getTime());
}

/** The one that is obeyed first comes first. */
export function byObedience(a: RuleDraft, b: RuleDraft): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : 1);
}

/** The target but for its ids, in the form that filters read. */
export function filterOf({ ids: _, ...conditions }: RuleTarget): ItemFilter {
  return { ...conditions, ids: null, createdAfter: null, minPopularity: null, notIds: null };
}
