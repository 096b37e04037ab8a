import { z } from 'zod';
import type { Degradation } from '../../domain/shown.js';
import type { RankedItem } from '../../engine/recommender.js';

/** A ranked list without its entities: what can be kept and presented again. */
export interface StoredList {
  /** The model version that ranked; `none` without one. */
  readonly version: string;
  readonly degraded: Degradation;
  /** Candidates that passed the filters. */
  readonly total: number;
  /** Best first; more than are shown, so that hidden ones can be passed over. */
  readonly items: readonly RankedItem[];
}

const schema = z.object({
  version: z.string(),
  degraded: z.enum(['NONE', 'HEURISTIC_RANKER', 'POPULAR', 'EMPTY']),
  total: z.number(),
  items: z.array(
    z.object({
      itemId: z.string(),
      score: z.number(),
      source: z.string(),
      reason: z.object({
        text: z.string(),
        because: z.object({ itemId: z.string(), liked: z.boolean() }).nullable(),
      }),
      explanation: z.object({
        sources: z.array(z.object({ source: z.string(), score: z.number(), rank: z.number() })),
        features: z.array(z.object({ feature: z.string(), value: z.number(), weight: z.number() })),
        rules: z.array(z.string()),
      }),
    }),
  ),
});

export function encodeList(list: StoredList): string {
  return JSON.stringify(list);
}

/** Null for what this version of the code did not write. */
export function decodeList(text: string): StoredList | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
