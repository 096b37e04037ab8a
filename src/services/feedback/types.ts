import type { Action } from '../../domain/actions.js';
import type { JsonObject } from '../../domain/json.js';

/** Feedback as a caller sends it, before it is checked. `userId` is already the acting user. */
export interface FeedbackDraft {
  readonly target: { readonly itemId?: string | null; readonly userId?: string | null };
  readonly action: Action;
  readonly userId: string;
  /** The session it was done in; what else was done in it becomes the person's. */
  readonly sessionId?: string | null;
  readonly durationMs?: number | null;
  readonly value?: number | null;
  readonly requestId?: string | null;
  readonly position?: number | null;
  readonly eventId?: string | null;
  readonly occurredAt?: Date | null;
  readonly context?: JsonObject | null;
}

export interface FeedbackReceipt {
  readonly eventId: string;
  readonly duplicate: boolean;
}

export interface RejectedRow {
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

export interface FeedbackBatchReceipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedRow[];
}

export interface FeedbackService {
  /**
   * Resolves once durable. Throws `BAD_USER_INPUT` naming the field, or `NOT_FOUND` naming the target. `address` is where a
   * person sent it from, for what trends; it is not stored.
   */
  send(tenant: string, draft: FeedbackDraft, address?: string | null): Promise<FeedbackReceipt>;
  /** 1 to 1,000 drafts; a bad one is in `rejected`, the others count. */
  sendBatch(tenant: string, drafts: readonly FeedbackDraft[], address?: string | null): Promise<FeedbackBatchReceipt>;
}
