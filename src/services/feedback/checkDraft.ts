import { type Action, SOCIAL } from '../../domain/actions.js';
import { type Clock, DAY_MS, MINUTE_MS } from '../../domain/clock.js';
import { badInput } from '../../domain/errors.js';
import type { FeedbackEvent, Target } from '../../domain/events.js';
import { isSession } from '../../domain/session.js';
import { checkId, checkJson, checkMoment, checkWhole } from '../checks.js';
import type { FeedbackDraft } from './types.js';

const AHEAD_MS = 5 * MINUTE_MS;
/** `position` is a small integer in the database. */
const LAST_POSITION = 32_767;
/** Stored as a 32-bit float. */
const LARGEST_VALUE = 1e9;
/** One applies a lens and rates a film; a person can be viewed, liked, saved, shared, skipped, hidden, reported. */
const ITEM_ONLY: ReadonlySet<Action> = new Set<Action>(['APPLY', 'RATE']);

/** A draft as an event. @throws BAD_USER_INPUT naming the field and what would be right. */
export function checkDraft(
  tenant: string,
  draft: FeedbackDraft,
  { clock, newId }: { readonly clock: Clock; readonly newId: () => string },
): FeedbackEvent {
  const now = clock();
  const { action, userId, value = null, durationMs = null, position = null, requestId = null, context = null } = draft;
  checkId('userId', userId);
  if (draft.sessionId != null) checkId('sessionId', draft.sessionId);
  const target = checkTarget(draft);
  checkValue(action, value);
  if (durationMs !== null) checkWhole('durationMs', durationMs, 0, DAY_MS);
  if (position !== null) checkWhole('position', position, 0, LAST_POSITION);
  if (requestId !== null) checkId('requestId', requestId);
  if (draft.eventId != null) checkId('eventId', draft.eventId);
  if (draft.occurredAt != null) {
    checkMoment('occurredAt', draft.occurredAt, 0, now + AHEAD_MS, 'must be from 1970 to at most 5 minutes ahead');
  }
  if (context !== null) checkJson('context', context);
  return {
    tenant,
    eventId: draft.eventId ?? newId(),
    userId,
    target,
    action,
    value,
    durationMs,
    requestId,
    position,
    context,
    occurredAt: draft.occurredAt?.getTime() ?? now,
  };
}

function checkTarget({ target: { itemId, userId: personId }, action, userId }: FeedbackDraft): Target {
  if ((itemId == null) === (personId == null)) throw badInput('target', 'must name exactly one of itemId and userId');
  if (itemId != null) {
    checkId('target.itemId', itemId);
    if (SOCIAL.has(action)) throw badInput('target', `must name a userId for ${action}`);
    return { itemId };
  }
  const person = personId ?? '';
  checkId('target.userId', person);
  if (isSession(person)) throw badInput('target.userId', 'must be a person, not a session');
  if (isSession(userId)) throw badInput('target', 'must name an itemId: only who is signed in acts on people');
  if (ITEM_ONLY.has(action)) throw badInput('target', `must name an itemId for ${action}`);
  if (SOCIAL.has(action) && person === userId) throw badInput('target.userId', `must be someone else for ${action}`);
  return { userId: person };
}

function checkValue(action: Action, value: number | null): void {
  if (action === 'RATE' && (value === null || !(value >= 0 && value <= 5))) {
    throw badInput('value', `must be 0 to 5 for RATE, got ${value === null ? 'none' : value}`);
  }
  if (value !== null && !(Math.abs(value) <= LARGEST_VALUE)) {
    throw badInput('value', `must be a finite number of at most ${LARGEST_VALUE} in size, got ${value}`);
  }
}
