import { CurioError } from '../../domain/errors.js';
import type { Identity } from '../../domain/identity.js';
import type { FeedbackInput, Resolvers } from '../../generated/graphql.js';
import type { FeedbackBatchReceipt, FeedbackDraft, RejectedRow } from '../../services/feedback/types.js';
import { count } from '../arguments.js';
import { MAX_BATCH } from '../bounds.js';
import { identified } from '../context.js';
import { feedbackDraft } from '../inputs/drafts.js';

export const feedback: Resolvers = {
  Mutation: {
    async sendFeedback(_, { input }, context) {
      const identity = identified(context);
      const draft = feedbackDraft(identity, input);
      return context.services.feedback.send(identity.tenant, draft, context.address);
    },
    async sendFeedbackBatch(_, { inputs }, context) {
      const identity = identified(context);
      count('inputs', inputs, 1, MAX_BATCH);
      const { drafts, places, rejected } = sort(identity, inputs);
      if (drafts.length === 0) return { accepted: 0, duplicates: 0, rejected };
      const receipt = await context.services.feedback.sendBatch(identity.tenant, drafts, context.address);
      return merge(receipt, places, rejected);
    },
  },
};

interface Sorted {
  readonly drafts: readonly FeedbackDraft[];
  /** Where each draft stood in the list that was sent. */
  readonly places: readonly number[];
  readonly rejected: readonly RejectedRow[];
}

/** Sets aside the rows that the caller may not send, so that they do not lose the others. */
function sort(identity: Identity, inputs: readonly FeedbackInput[]): Sorted {
  const drafts: FeedbackDraft[] = [];
  const places: number[] = [];
  const rejected: RejectedRow[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      drafts.push(feedbackDraft(identity, input));
      places.push(index);
    } catch (error) {
      if (!(error instanceof CurioError)) throw error;
      rejected.push({ index, code: error.code, message: error.message });
    }
  }
  return { drafts, places, rejected };
}

function merge(
  receipt: FeedbackBatchReceipt,
  places: readonly number[],
  rejected: readonly RejectedRow[],
): FeedbackBatchReceipt {
  const later = receipt.rejected.map((row) => ({ ...row, index: places[row.index] ?? row.index }));
  return { ...receipt, rejected: [...rejected, ...later].sort((a, b) => a.index - b.index) };
}
