import type { Item } from '../../domain/entities.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import type { Degradation } from '../../domain/shown.js';
import type { Facets } from '../../engine/search/facets.js';
import type { ItemLookup } from '../recommendations/types.js';

/** `LEXICAL`: by words alone. `PARTIAL`: the index is still being filled. */
export type SearchDegradation = Exclude<Degradation, 'POPULAR'> | 'LEXICAL' | 'PARTIAL';

export interface SearchRequest {
  readonly tenant: string;
  /** For whom results are scored; null for nobody. */
  readonly userId: string | null;
  readonly query: string;
  /** 1 to 100. */
  readonly first: number;
  readonly after: string | null;
  readonly filter: ItemFilter | null;
  /** Aborts when nobody waits for the answer any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface FoundItem {
  readonly cursor: string;
  readonly node: Item;
  /** Above 0; larger is better within one listing. */
  readonly score: number;
  /** Excerpts in HTML, what was found between `<mark>` and `</mark>`. */
  readonly highlights: readonly string[];
}

export interface SearchPage {
  readonly edges: readonly FoundItem[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
  readonly facets: Facets;
  readonly didYouMean: string | null;
  readonly degraded: SearchDegradation;
}

export interface SearchService {
  /** @throws CurioError BAD_USER_INPUT for a cursor of another listing. */
  search(request: SearchRequest, lookup: ItemLookup): Promise<SearchPage>;
  /** Texts that begin, or have a word that begins, like what was typed so far. */
  suggest(tenant: string, prefix: string, first: number): Promise<readonly string[]>;
  /** Begins to make the catalogue of a tenant searchable. */
  warm(tenant: string): void;
}
