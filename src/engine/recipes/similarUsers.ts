import { asFilter, type Rule } from '../filters/rule.js';
import { blocked } from '../people/filters/blocked.js';
import { blockers } from '../people/filters/blockers.js';
import { oneself } from '../people/filters/oneself.js';
import { userFilter } from '../people/filters/userFilter.js';
import { blocks } from '../people/hydrators/blocks.js';
import { likeness } from '../people/hydrators/likeness.js';
import { kinship } from '../people/kinship.js';
import type { PeopleBasis, PeopleQuery } from '../people/query.js';
import { alike } from '../people/sources/alike.js';
import { friends } from '../people/sources/friends.js';
import { matching } from '../people/sources/matching.js';
import { tastes } from '../people/sources/tastes.js';
import { walks } from '../people/sources/walks.js';
import type { Recipe } from '../pipeline/stages.js';
import { byScore } from '../rerankers/byScore.js';
import type { PeopleParts } from './recommendedUsers.js';

/** What keeps someone out of the list of those like a person; whom they know already may be in it. */
export const SIMILAR_USERS_RULES: readonly Rule<PeopleBasis>[] = [oneself, blocked, userFilter];

/** People like a person: by whom and what they take to, and by what they say of themselves. */
export function similarUsersRecipe(parts: PeopleParts): Recipe<PeopleQuery, never> {
  return {
    name: 'similarUsers',
    sources: [walks, tastes, friends(parts.entities), alike(parts.interestsOf), matching],
    hydrators: [blocks(parts.eventLog), likeness(parts.entities)],
    filters: [...SIMILAR_USERS_RULES.map((rule) => asFilter<PeopleQuery>(rule)), blockers],
    scorers: [kinship],
    rerankers: [byScore],
    effects: [],
  };
}
