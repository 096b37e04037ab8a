import { z } from 'zod';
import { ACTIONS, type Action } from '../../../domain/actions.js';
import { badInput } from '../../../domain/errors.js';
import { actingPerson } from '../../../services/access.js';
import { contextObject, id, jsonOf, userId } from '../fields.js';
import { defineRoute } from '../route.js';

/** Numbers below are seconds: in milliseconds they would be of 1973. */
const LEAST_MS = 1e11;

export const feedback = defineRoute({
  method: 'POST',
  path: '/v1/feedback',
  summary: 'What a person did; answered once it is durable',
  input: z.object({
    user_id: userId.optional(),
    session_id: id.describe('The session it was done in, before somebody signed in.').optional(),
    lens_id: id.describe('What it was about; item_id means the same.').optional(),
    item_id: id.optional(),
    target_user_id: id.describe('Whom it was about, instead.').optional(),
    action: z.string().describe(`In any case: ${ACTIONS.join(', ')}.`),
    duration_ms: z.int().optional(),
    value: z.number().describe('Needed for RATE, 0 to 5.').optional(),
    request_id: id.describe('The request_id of the list it was shown in.').optional(),
    position: z.int().optional(),
    event_id: id.describe('Your own id: sending it twice counts once.').optional(),
    timestamp: z
      .union([z.number(), z.string()])
      .describe('Seconds or milliseconds since 1970, or ISO 8601; now, when left out.')
      .optional(),
    context: contextObject.optional(),
  }),
  output: { status: 202, schema: null },
  limit: 'feedback',
  cost: () => 2,
  async answer({ identity, services, address }, input) {
    const itemId = input.item_id ?? input.lens_id ?? null;
    const draft = {
      target: { itemId, userId: input.target_user_id ?? null },
      action: actionOf(input.action),
      userId: actingPerson(identity, input.user_id, input.session_id),
      sessionId: input.session_id ?? null,
      durationMs: input.duration_ms ?? null,
      value: input.value ?? null,
      requestId: input.request_id ?? null,
      position: input.position ?? null,
      eventId: input.event_id ?? null,
      occurredAt: momentOf(input.timestamp),
      context: input.context === undefined ? null : jsonOf('context', input.context),
    };
    await services.feedback.send(identity.tenant, draft, address);
    return null;
  },
});

function actionOf(text: string): Action {
  const action = ACTIONS.find((known) => known === text.toUpperCase());
  if (action === undefined) throw badInput('action', `must be one of ${ACTIONS.join(', ')}`);
  return action;
}

function momentOf(timestamp: number | string | undefined): Date | null {
  if (timestamp === undefined) return null;
  if (typeof timestamp === 'number') return new Date(timestamp < LEAST_MS ? timestamp * 1000 : timestamp);
  const at = new Date(timestamp);
  if (Number.isNaN(at.getTime())) throw badInput('timestamp', 'must be seconds, milliseconds or an ISO 8601 time');
  return at;
}
