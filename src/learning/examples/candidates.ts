import type { Catalogue, Taste } from '../../features/taste.js';
import { createScan, type ExactScan } from '../../kernels/scan.js';
import { type Transposed, transpose } from './transpose.js';

/** How many candidates each source of the served list may bring, so that the ranker learns on lists like those it will see. */
const QUOTAS = { collaborative: 200, spectral: 200, neighbours: 150, content: 100, popular: 200 } as const;

/** The content source looks for the tags a person likes best. */
const CONTENT_TAGS = 8;

/** The sources of one trained catalogue. */
export interface Sources {
  readonly catalogue: Catalogue;
  /** Over the item factors. */
  readonly scan: ExactScan;
  /** Over those of the spectral model; null without one. */
  readonly spectralScan: ExactScan | null;
  readonly popularOrder: Int32Array;
  /** Tag → items. */
  readonly postings: Transposed;
}

export function createSources(catalogue: Catalogue, popularOrder: Int32Array): Sources {
  const { items, collaborative, spectral } = catalogue;
  return {
    catalogue,
    scan: createScan(collaborative.itemFactors, collaborative.dimensions),
    spectralScan: spectral && createScan(spectral.itemFactors, spectral.dimensions),
    popularOrder,
    postings: transpose(items.tags.offsets, items.tags.indices, items.tagNames.length),
  };
}

/** What the sources would put before a person of this taste, without what they have seen; item indices, rising. */
export function candidatesFor(sources: Sources, taste: Taste, seen: ReadonlySet<number>): Int32Array {
  const chosen = new Set<number>();
  const take = (items: Iterable<number>, quota: number) => {
    let left = quota;
    for (const item of items) {
      if (left === 0) return;
      if (seen.has(item)) continue;
      chosen.add(item);
      left--;
    }
  };
  if (taste.vector) {
    take(sources.scan.topK(taste.vector, QUOTAS.collaborative + seen.size).indices, QUOTAS.collaborative);
  }
  if (sources.spectralScan && taste.spectralVector) {
    const depth = QUOTAS.spectral + seen.size;
    take(sources.spectralScan.topK(taste.spectralVector, depth).indices, QUOTAS.spectral);
  }
  take(best(taste.neighbourScores), QUOTAS.neighbours);
  take(best(contentScores(sources, taste)), QUOTAS.content);
  take(sources.popularOrder, QUOTAS.popular);
  return Int32Array.from(chosen).sort();
}

function contentScores({ catalogue, postings }: Sources, taste: Taste): Map<number, number> {
  const liked = best(new Map([...taste.tags.entries()].filter(([, liking]) => liking > 0))).slice(0, CONTENT_TAGS);
  const scores = new Map<number, number>();
  for (const tag of liked) {
    for (let at = postings.offsets[tag] ?? 0; at < (postings.offsets[tag + 1] ?? 0); at++) {
      const item = postings.rows[at] ?? 0;
      const value = catalogue.items.tags.values[postings.order[at] ?? 0] ?? 0;
      scores.set(item, (scores.get(item) ?? 0) + (taste.tags[tag] ?? 0) * value);
    }
  }
  return scores;
}

/** Keys by falling value, then rising key. */
function best(scores: ReadonlyMap<number, number>): number[] {
  return [...scores].sort(([a, x], [b, y]) => y - x || a - b).map(([key]) => key);
}
