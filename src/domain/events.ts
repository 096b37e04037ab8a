import type { Action } from './actions.js';
import type { JsonObject } from './json.js';

/** What an action was about: exactly one of an item and a person. */
export type Target = { readonly itemId: string } | { readonly userId: string };

/** One action of one person, as it goes into the log. Times are epoch milliseconds. */
export interface FeedbackEvent {
  readonly tenant: string;
  readonly eventId: string;
  readonly userId: string;
  readonly target: Target;
  readonly action: Action;
  readonly value: number | null;
  readonly durationMs: number | null;
  readonly requestId: string | null;
  readonly position: number | null;
  readonly context: JsonObject | null;
  readonly occurredAt: number;
}

/** An event as it is read back; `seq` is its order of arrival, unique per tenant. */
export interface StoredEvent extends Omit<FeedbackEvent, 'requestId' | 'position' | 'context'> {
  readonly seq: bigint;
}

/** An event of one person about another, as seen by one of them. */
export interface PersonAct {
  /** The other one. */
  readonly userId: string;
  readonly action: Action;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}

/** An event on an item, reduced to what ranking and learning read. */
export interface ItemEvent {
  readonly itemId: string;
  readonly action: Action;
  readonly value: number | null;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}
