import type { ShownList } from '../../domain/shown.js';
import type { PeopleTable } from '../../registry/snapshot.js';
import type { EntityStore } from '../../store/ports/entityStore.js';
import type { EventLog } from '../../store/ports/eventLog.js';
import type { ShownLog } from '../../store/ports/shownLog.js';
import { recordShown } from '../effects/recordShown.js';
import { asFilter, type Rule } from '../filters/rule.js';
import type { ActivePeople } from '../live/activePeople.js';
import { blocked } from '../people/filters/blocked.js';
import { blockers } from '../people/filters/blockers.js';
import { followed } from '../people/filters/followed.js';
import { met } from '../people/filters/met.js';
import { oneself } from '../people/filters/oneself.js';
import { userFilter } from '../people/filters/userFilter.js';
import { blocks } from '../people/hydrators/blocks.js';
import { likeness } from '../people/hydrators/likeness.js';
import type { Interests } from '../people/interests.js';
import { kinship } from '../people/kinship.js';
import type { PeopleBasis, PeopleQuery } from '../people/query.js';
import { newcomers } from '../people/rerankers/newcomers.js';
import { about } from '../people/sources/about.js';
import { alike } from '../people/sources/alike.js';
import { friends } from '../people/sources/friends.js';
import { matching } from '../people/sources/matching.js';
import { reciprocal } from '../people/sources/reciprocal.js';
import { tastes } from '../people/sources/tastes.js';
import { walks } from '../people/sources/walks.js';
import type { Recipe } from '../pipeline/stages.js';
import { byScore } from '../rerankers/byScore.js';

/** What lists of people are made of besides a version. */
export interface PeopleParts {
  readonly interestsOf: (table: PeopleTable) => Interests;
  readonly activePeople: ActivePeople;
  readonly entities: Pick<EntityStore, 'users' | 'circles'>;
  readonly eventLog: Pick<EventLog, 'blockersAmong'>;
  readonly shownLog: Pick<ShownLog, 'record'>;
}

/** What keeps someone out of the list of people to meet. */
export const RECOMMENDED_USERS_RULES: readonly Rule<PeopleBasis>[] = [oneself, blocked, followed, met, userFilter];

/** Whom to meet, whom to follow. Of equal ranks the first source is named. */
export function recommendedUsersRecipe(parts: PeopleParts): Recipe<PeopleQuery, ShownList> {
  return {
    name: 'recommendedUsers',
    sources: [
      walks,
      tastes,
      friends(parts.entities),
      reciprocal,
      alike(parts.interestsOf),
      about(parts.activePeople),
      matching,
    ],
    hydrators: [blocks(parts.eventLog), likeness(parts.entities)],
    filters: [...RECOMMENDED_USERS_RULES.map((rule) => asFilter<PeopleQuery>(rule)), blockers],
    scorers: [kinship],
    rerankers: [byScore, newcomers],
    effects: [recordShown(parts.shownLog)],
  };
}
