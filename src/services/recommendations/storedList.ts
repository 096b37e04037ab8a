import { z } from 'zod';
import type { Degradation } from '../../domain/shown.js';
import { type Evidence, selectEvidence } from '../../engine/explain/evidence.js';
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
  /** Of the items, in their order. */
  readonly evidence: Evidence;
}

/** The list with only these items, in its order. */
export function keepOnly(list: StoredList, ids: ReadonlySet<string>): StoredList {
  const places = [...list.items.keys()].filter((at) => ids.has(list.items[at]?.itemId ?? ''));
  const items = list.items.filter(({ itemId }) => ids.has(itemId));
  return { ...list, items, evidence: selectEvidence(list.evidence, places) };
}

/** Numbers as they lie in memory, in base64: a third of what they take as text, and quick to read. */
const bytes = z.base64().transform((text) => {
  const read = Buffer.from(text, 'base64');
  return read.buffer.slice(read.byteOffset, read.byteOffset + read.byteLength);
});
const floats = bytes.transform((buffer) => new Float32Array(buffer));
const wholes = bytes.transform((buffer) => new Int32Array(buffer));

/** Short names: a list is written for every request that is not answered from one. */
const schema = z.object({
  v: z.string(),
  d: z.enum(['NONE', 'HEURISTIC_RANKER', 'POPULAR', 'EMPTY']),
  n: z.number(),
  i: z.array(
    z.tuple([
      z.string(),
      z.number(),
      z.string(),
      z.string(),
      z.string().nullable(),
      z.boolean(),
      z.array(z.string()),
      z.number(),
    ]),
  ),
  s: z.array(z.tuple([z.string(), floats, wholes])),
  f: z.array(z.string()),
  m: floats,
});

export function encodeList({ version, degraded, total, items, evidence }: StoredList): string {
  return JSON.stringify({
    v: version,
    d: degraded,
    n: total,
    i: items.map(({ itemId, score, source, reason: { text, because }, rules, propensity }) => [
      itemId,
      score,
      source,
      text,
      because?.itemId ?? null,
      because?.liked ?? false,
      rules,
      propensity,
    ]),
    s: evidence.sources.map(({ name, scores, ranks }) => [name, toBase64(scores), toBase64(ranks)]),
    f: evidence.features,
    m: toBase64(evidence.matrix),
  });
}

/** Null for what this version of the code did not write. */
export function decodeList(text: string): StoredList | null {
  try {
    const read = schema.safeParse(JSON.parse(text)).data;
    if (read === undefined) return null;
    return {
      version: read.v,
      degraded: read.d,
      total: read.n,
      items: read.i.map(([itemId, score, source, text, because, liked, rules, propensity]) => ({
        itemId,
        score,
        source,
        reason: { text, because: because === null ? null : { itemId: because, liked } },
        rules,
        propensity,
      })),
      evidence: {
        sources: read.s.map(([name, scores, ranks]) => ({ name, scores, ranks })),
        features: read.f,
        matrix: read.m,
      },
    };
  } catch {
    return null;
  }
}

function toBase64(numbers: Float32Array | Int32Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64');
}
