import type { Action } from '../../domain/actions.js';
import type { JsonObject } from '../../domain/json.js';

/** Feedback as a caller sends it, before it is checked. `userId` is already the acting user. */
export interface FeedbackDraft {
  readonly target: { readonly itemId?: string | null; readonly userId?: string | null };
  readonly action: Action;
  readonly userId: string;
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
  /** Resolves once durable. Throws `BAD_USER_INPUT` naming the field, or `NOT_FOUND` naming the target. */
  send(tenant: string, draft: FeedbackDraft): Promise<FeedbackReceipt>;
  /** 1 to 1,000 drafts; a bad one is in `rejected`, the others count. */
  sendBatch(tenant: string, drafts: readonly FeedbackDraft[]): Promise<FeedbackBatchReceipt>;
}
