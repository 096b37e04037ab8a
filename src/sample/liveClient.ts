import { z } from 'zod';
import type { Action } from '../domain/actions.js';

const TIMEOUT_MS = 30_000;

const RECOMMEND = `query Play($userId: ID!, $first: Int!, $context: ContextInput) {
  recommendations(userId: $userId, first: $first, context: $context) {
    requestId
    recommendations { position item { id category tags } }
  }
}`;
const ACT = `mutation Act($inputs: [FeedbackInput!]!) {
  sendFeedbackBatch(inputs: $inputs) { accepted duplicates rejected { index code message } }
}`;

const answer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z.object({ code: z.string().optional(), retryAfterMs: z.number().optional() }).optional(),
      }),
    )
    .optional(),
});
const shownList = z.object({
  recommendations: z.object({
    requestId: z.string(),
    recommendations: z.array(
      z.object({
        position: z.number(),
        item: z.object({ id: z.string(), category: z.string().nullable(), tags: z.array(z.string()) }),
      }),
    ),
  }),
});
const receipt = z.object({
  sendFeedbackBatch: z.object({
    accepted: z.number(),
    rejected: z.array(z.object({ code: z.string(), message: z.string() })),
  }),
});

export type LiveList = z.infer<typeof shownList>['recommendations'];
export type LiveReceipt = z.infer<typeof receipt>['sendFeedbackBatch'];

/** One action on an item, as `sendFeedbackBatch` takes it. */
export interface LiveFeedback {
  readonly target: { readonly itemId: string };
  readonly action: Action;
  readonly userId: string;
  readonly durationMs?: number;
  readonly requestId?: string;
  readonly position?: number;
}

/** The server refused, and says for how long when it is a matter of rate. */
export class LiveError extends Error {
  override readonly name = 'LiveError';
  readonly code: string;
  readonly retryAfterMs: number | null;

  constructor(message: string, code: string, retryAfterMs: number | null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface LiveClient {
  recommend(userId: string, first: number, localHour: number): Promise<LiveList>;
  send(inputs: readonly LiveFeedback[]): Promise<LiveReceipt>;
}

/**
 * Speaks GraphQL over HTTP with a running server, as any client would. Its calls throw `LiveError` for an answer with
 * errors, and fetch's own `TypeError` when no server answers.
 * @param url of the server, without `/graphql`
 * @param token of a service or an admin, who may act for others
 */
export function createLiveClient({ url, token }: { url: string; token: string }): LiveClient {
  const endpoint = new URL('/graphql', url);
  const call = async <T>(query: string, variables: object, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
      // Not the player's own signal: fetch keeps its listener until the garbage collector comes by, thousands on one signal.
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = answer.safeParse(await response.json().catch(() => null));
    if (!body.success) throw new LiveError(`HTTP ${response.status} without GraphQL`, `HTTP_${response.status}`, null);
    const error = body.data.errors?.[0];
    if (error !== undefined) {
      throw new LiveError(error.message, error.extensions?.code ?? 'UNKNOWN', error.extensions?.retryAfterMs ?? null);
    }
    return schema.parse(body.data.data);
  };
  return {
    async recommend(userId, first, localHour) {
      const { recommendations } = await call(RECOMMEND, { userId, first, context: { localHour } }, shownList);
      return recommendations;
    },
    async send(inputs) {
      return (await call(ACT, { inputs }, receipt)).sendFeedbackBatch;
    },
  };
}
