import type { BusinessRule, RuleDraft, RuleTarget } from '../../src/domain/businessRule.js';

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
