import type { ItemDraft, UserDraft } from '../../domain/entities.js';
import type { Identity } from '../../domain/identity.js';
import type { FeedbackInput, ItemInput, UserInput } from '../../generated/graphql.js';
import { actingPerson } from '../../services/access.js';
import type { FeedbackDraft } from '../../services/feedback/types.js';
import { idOrNull } from '../arguments.js';

/**
 * Services check what is in a draft; who may send it is settled here.
 * @throws CurioError FORBIDDEN or BAD_USER_INPUT for a `userId` the caller may not speak for.
 */
export function feedbackDraft(identity: Identity, { userId, sessionId, ...draft }: FeedbackInput): FeedbackDraft {
  const session = idOrNull('sessionId', sessionId);
  return { ...draft, sessionId: session, userId: actingPerson(identity, idOrNull('userId', userId), session) };
}

/** Null is nothing: GraphQL clients send it for what they leave out. */
export function itemDraft({ id, kind, title, tags, createdAt, ...rest }: ItemInput): ItemDraft {
  return { id, kind, title, ...rest, ...(tags != null && { tags }), ...(createdAt != null && { createdAt }) };
}

export function userDraft({ id, name, interests, personalised, createdAt, ...rest }: UserInput): UserDraft {
  return {
    id,
    name,
    ...rest,
    ...(interests != null && { interests }),
    ...(personalised != null && { personalised }),
    ...(createdAt != null && { createdAt }),
  };
}
