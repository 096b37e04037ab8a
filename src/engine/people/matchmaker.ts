import { type Candidates, select } from '../../domain/candidates.js';
import type { Deadline } from '../../domain/deadline.js';
import type { PersonFacts } from '../../domain/entities.js';
import type { ItemEvent } from '../../domain/events.js';
import type { ShownList } from '../../domain/shown.js';
import type { UserFilter } from '../../domain/userFilter.js';
import type { Snapshot } from '../../registry/snapshot.js';
import { admission, type Rule } from '../filters/rule.js';
import type { SocialRelations } from '../live/socialStates.js';
import type { ObserveRun } from '../pipeline/observer.js';
import { createPipeline, type Pipeline, type Ranking } from '../pipeline/pipeline.js';
import type { Step } from '../pipeline/trace.js';
import { type PeopleParts, RECOMMENDED_USERS_RULES, recommendedUsersRecipe } from '../recipes/recommendedUsers.js';
import { SIMILAR_USERS_RULES, similarUsersRecipe } from '../recipes/similarUsers.js';
import { userFilter } from './filters/userFilter.js';
import { interestsPerTable } from './interests.js';
import { createPopulation, NOBODY, traitsOf } from './population.js';
import type { PeopleBasis, PeopleQuery } from './query.js';
import { reasonsFor } from './reasons.js';

export interface MatchRequest {
  readonly tenant: string;
  readonly userId: string;
  /** What they say of themselves; null for someone nobody has heard of. */
  readonly facts: PersonFacts | null;
  /** What they did on items, newest first. */
  readonly events: readonly ItemEvent[];
  readonly relations: SocialRelations;
  /** Null before there is a version. */
  readonly snapshot: Snapshot | null;
  readonly filter: UserFilter | null;
  readonly excludeSeen: boolean;
  /** How many of the best to answer, at most. */
  readonly count: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Parts that take longer are left out. @default none */
  readonly deadline?: Deadline;
}

/** One person of the answer. */
export interface Match {
  readonly userId: string;
  /** 0 to 1. */
  readonly score: number;
  /** The source that ranked them highest; of equal ranks the first of the recipe. */
  readonly source: string;
  readonly reason: string;
}

export interface Matches {
  readonly people: readonly Match[];
  /** Candidates that passed the filters. */
  readonly total: number;
  /** Names of the components that failed or were late. */
  readonly dropped: readonly string[];
  readonly trace: readonly Step[];
}

export interface Matchmaker extends Pick<Pipeline<PeopleQuery, ShownList>, 'conclude'> {
  /** Whom the person might like to meet. @throws when a filter failed. */
  recommend(request: MatchRequest): Promise<Matches>;
  /** Who is like the person. @throws when a filter failed. */
  similar(request: MatchRequest): Promise<Matches>;
}

/** People for a person: from a version where there is one, and from what the stores say at this moment. */
export function createMatchmaker(
  given: Omit<PeopleParts, 'interestsOf'> & { readonly observeRun?: ObserveRun },
): Matchmaker {
  const parts = { ...given, interestsOf: interestsPerTable() };
  const recommended = createPipeline(recommendedUsersRecipe(parts), given.observeRun);
  const similar = createPipeline(similarUsersRecipe(parts), given.observeRun);

  const gather = (request: MatchRequest, rules: readonly Rule<PeopleBasis>[]): PeopleQuery => {
    const { snapshot, facts, userId, events, relations } = request;
    const model = snapshot?.people ?? null;
    const table = model?.table ?? NOBODY;
    const interests = parts.interestsOf(table);
    const population = createPopulation(table, interests);
    const person = population.meet(userId);
    const traits = facts === null ? population.traitsOf(person) : traitsOf({ ...facts, gender: null });
    const asker = { userId, person, traits, interests: interests.vectorOf(traits.interests), events, relations };
    const basis = { population, asker, filter: request.filter, excludeSeen: request.excludeSeen };
    return {
      ...basis,
      tenant: request.tenant,
      known: snapshot === null || model === null ? null : { snapshot, model },
      count: request.count,
      now: request.now,
      admits: admissionOf(rules, basis),
    };
  };

  return {
    conclude: recommended.conclude,
    async recommend(request) {
      const query = gather(request, RECOMMENDED_USERS_RULES);
      return present(query, await recommended.execute(query, request.deadline));
    },
    async similar(request) {
      const query = gather(request, SIMILAR_USERS_RULES);
      return present(query, await similar.execute(query, request.deadline));
    },
  };
}

/** Someone of whom nothing is known yet is judged by the filter when it is. */
function admissionOf(rules: readonly Rule<PeopleBasis>[], basis: PeopleBasis): PeopleQuery['admits'] {
  const others = admission(
    rules.filter((rule) => rule !== userFilter),
    basis,
  );
  const wanted = admission([userFilter], basis);
  return (person) => others(person) && (!basis.population.isDescribed(person) || wanted(person));
}

function present(query: PeopleQuery, { candidates, order, scores, dropped, trace }: Ranking): Matches {
  const rows = order.subarray(0, query.count);
  const shown = select(candidates, rows);
  const reasonOf = reasonsFor(query, shown);
  const people = Array.from(rows, (row, at) => ({
    userId: query.population.idOf(shown.items[at] ?? 0),
    score: scores[row] ?? 0,
    source: sourceOf(shown, at),
    reason: reasonOf(at),
  }));
  return { people, total: candidates.items.length, dropped, trace };
}

function sourceOf({ sources }: Candidates, row: number): string {
  let name = '';
  let best = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const rank = source.ranks[row] ?? -1;
    if (rank < 0 || rank >= best) continue;
    name = source.name;
    best = rank;
  }
  return name;
}
