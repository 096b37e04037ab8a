import type { RuleInput } from '../../generated/graphql.js';
import type { RuleRequest } from '../../services/rules/types.js';
import { idOrNull } from '../arguments.js';

/** Null is nothing: GraphQL clients send it for what they leave out. The service checks what is in a rule. */
export function ruleRequest({
  id,
  kind,
  target,
  surfaces,
  weight,
  position,
  priority,
  ...times
}: RuleInput): RuleRequest {
  return {
    id: idOrNull('rule.id', id),
    kind,
    target: {
      ids: target.ids ?? [],
      kind: target.kind ?? [],
      category: target.category ?? [],
      tagsAny: target.tagsAny ?? [],
      tagsAll: target.tagsAll ?? [],
      authorId: target.authorId ?? [],
    },
    surfaces: surfaces ?? [],
    weight: weight ?? null,
    position: position ?? null,
    priority: priority ?? 0,
    startsAt: times.startsAt ?? null,
    endsAt: times.endsAt ?? null,
  };
}
