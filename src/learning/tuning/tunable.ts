import type { Item } from '../../domain/entities.js';
import type { Random } from '../../domain/random.js';
import type { KernelPool } from '../../kernels/pool.js';
import type { ItemTable } from '../../registry/snapshot.js';
import type { SingleModel } from '../evaluation/models/model.js';
import type { Encounters } from '../examples/encounters.js';
import type { Interactions } from '../examples/interactions.js';
import type { SocialGraph } from '../examples/social.js';
import type { SourceParameters } from '../sources.js';
import { armKey, drawArms, type SearchSpace, searched } from './space.js';

/** What a source is tried on. */
export interface Lesson {
  readonly items: ItemTable;
  /** What `items` is made of. */
  readonly catalogue: readonly Item[];
  readonly interactions: Interactions;
  /** Of the same people and the same moment. */
  readonly encounters: Encounters;
  readonly social: SocialGraph;
  /** What a model goes on with where it knows nothing. */
  readonly popularOrder: Int32Array;
  readonly seed: number;
  readonly pool: KernelPool;
}

/** A part of the training whose parameters are searched. An arm is a whole set of parameters that differs in this part alone. */
export interface Tunable {
  readonly part: keyof SourceParameters;
  /** Up to `count` arms around `from`, which comes first and the others of which are not in `tried`. */
  draw(from: SourceParameters, count: number, tried: Set<string>, random: Random): SourceParameters[];
  key(arm: SourceParameters): string;
  /** Names of the parameters in which the two differ, such as `als.dimensions`. */
  changes(from: SourceParameters, to: SourceParameters): string[];
  /** How many numbers the model has while it is trained. */
  floats(arm: SourceParameters, people: number, items: number): number;
  /** Trains the source by itself; at a share below 1 with fewer iterations. Null when there is nothing to train. */
  open(arm: SourceParameters, lesson: Lesson, share: number): Promise<SingleModel | null>;
}

export function tunable<K extends keyof SourceParameters>(
  part: K,
  {
    space,
    cheaper = (parameters) => parameters,
    dimensions = () => 0,
    open,
  }: {
    readonly space: SearchSpace<SourceParameters[K]>;
    /** The parameters of a cheap trial. @default the same */
    readonly cheaper?: (parameters: SourceParameters[K], share: number) => SourceParameters[K];
    /** Numbers per person and per item while it is trained. @default 0 */
    readonly dimensions?: (parameters: SourceParameters[K]) => number;
    readonly open: (parameters: SourceParameters[K], lesson: Lesson) => Promise<SingleModel | null>;
  },
): Tunable {
  const names = searched(space);
  return {
    part,
    draw: (from, count, tried, random) =>
      drawArms(space, from[part], count, tried, random).map((parameters) => ({ ...from, [part]: parameters })),
    key: (arm) => armKey(names, arm[part]),
    changes: (from, to) => names.filter((name) => from[part][name] !== to[part][name]).map((name) => `${part}.${name}`),
    floats: (arm, people, items) => dimensions(arm[part]) * (people + items),
    open: (arm, lesson, share) => open(cheaper(arm[part], share), lesson),
  };
}
