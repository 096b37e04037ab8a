import type { Lookups } from '../../retrieval/lookups.js';
import { forbidden } from '../filters/forbidden.js';
import { hidden } from '../filters/hidden.js';
import { itemFilter } from '../filters/itemFilter.js';
import { asFilter, type Rule } from '../filters/rule.js';
import { self } from '../filters/self.js';
import { closeness } from '../hydrators/closeness.js';
import type { Recipe } from '../pipeline/stages.js';
import type { SimilarBasis, SimilarQuery } from '../query.js';
import { byScore } from '../rerankers/byScore.js';
import { blend } from '../scorers/blend.js';
import { alike } from '../sources/alike.js';
import { coVisited } from '../sources/coVisited.js';
import { sameContent } from '../sources/sameContent.js';
import { sharedTags } from '../sources/sharedTags.js';

/** What keeps an item out of the list of those close to another. */
export const SIMILAR_RULES: readonly Rule<SimilarBasis>[] = [self, hidden, forbidden, itemFilter];

/** Items close to an item: by who took to both, and by what they are. */
export function similarItemsRecipe({ lookups }: { readonly lookups: Lookups }): Recipe<SimilarQuery, never> {
  return {
    name: 'similarItems',
    sources: [coVisited, alike(lookups.indexOf), sharedTags(lookups.postingsOf), sameContent(lookups.indexOf)],
    hydrators: [closeness],
    filters: SIMILAR_RULES.map((rule) => asFilter<SimilarQuery>(rule)),
    scorers: [blend],
    rerankers: [byScore],
    effects: [],
  };
}
