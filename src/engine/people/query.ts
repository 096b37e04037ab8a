import type { ItemEvent } from '../../domain/events.js';
import type { UserFilter } from '../../domain/userFilter.js';
import type { PeopleModel, Snapshot } from '../../registry/snapshot.js';
import type { SocialRelations } from '../live/socialStates.js';
import type { InterestVector } from './interests.js';
import type { Population, Traits } from './population.js';

/** Whom others are compared with. */
export interface Asker {
  readonly userId: string;
  /** Number in the population. */
  readonly person: number;
  readonly traits: Traits;
  readonly interests: InterestVector;
  /** What they did on items, newest first. */
  readonly events: readonly ItemEvent[];
  readonly relations: SocialRelations;
}

/** What the rules of lists of people read. */
export interface PeopleBasis {
  readonly population: Population;
  readonly asker: Asker;
  readonly filter: UserFilter | null;
  readonly excludeSeen: boolean;
}

/** A version and what it knows of people. */
export interface PeopleSnapshot {
  readonly snapshot: Snapshot;
  readonly model: PeopleModel;
}

/** Everything the components of lists of people may read, gathered once per request. Candidates are numbers of the population. */
export interface PeopleQuery extends PeopleBasis {
  readonly tenant: string;
  /** Null before there is a version that knows people. */
  readonly known: PeopleSnapshot | null;
  /** How many of the best are wanted in their final order. */
  readonly count: number;
  /** Epoch milliseconds of the request. */
  readonly now: number;
  /** Whether no rule objects, as far as the person is described. */
  readonly admits: (person: number) => boolean;
}
