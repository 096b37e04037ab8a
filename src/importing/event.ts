import { hash } from 'node:crypto';
import type { Action } from '../domain/actions.js';
import type { FeedbackEvent } from '../domain/events.js';

/** An interaction as a file tells it. */
export interface Interaction {
  readonly userId: string;
  readonly itemId: string;
  readonly action: Action;
  readonly value: number | null;
  /** Epoch milliseconds; null where the file does not say. */
  readonly occurredAt: number | null;
}

/** 96 bits: with a billion events of one millisecond the odds of two alike are below one in a hundred billion. */
const HASH_CHARS = 16;

/**
 * The event of an interaction. Its id is made of the content alone, so the same row is the same event in every run
 * and every file. The time comes first in the id: logs are mostly in order of time, and then neighbours in the file
 * are neighbours in the index that keeps ids unique.
 */
export function toEvent(tenant: string, interaction: Interaction, now: number): FeedbackEvent {
  const { userId, itemId, action, value, occurredAt } = interaction;
  const content = `${userId}\0${itemId}\0${action}\0${value ?? ''}\0${occurredAt ?? ''}`;
  return {
    tenant,
    eventId: `${(occurredAt ?? 0).toString(36)}-${hash('sha256', content, 'base64url').slice(0, HASH_CHARS)}`,
    userId,
    target: { itemId },
    action,
    value,
    durationMs: null,
    requestId: null,
    position: null,
    context: null,
    occurredAt: occurredAt ?? now,
  };
}
