/** A rule as it is told to people: which it was and, for a boost, by how much. */
export interface Boost {
  readonly id: string;
  readonly weight: number;
  /** Whether the rule is about that item of the snapshot. */
  holds(item: number): boolean;
}

export interface Pin {
  readonly id: string;
  readonly item: number;
  /** From 0; no two pins have the same. */
  readonly position: number;
}

/**
 * The rules that hold for one surface, in terms of one snapshot: what is looked at for each candidate is one number in
 * an array. Null where no rule does the like.
 */
export interface CompiledRules {
  /** Item → 1 + the place in `ids` of the rule that keeps it out; 0 where none does. */
  readonly excludedBy: Uint16Array | null;
  /** The same, of the rule that buries it. */
  readonly buriedBy: Uint16Array | null;
  /** Item → what the boosts add to its log-odds; 0 for a buried one. */
  readonly lifts: Float32Array | null;
  readonly boosts: readonly Boost[];
  /** By rising position. */
  readonly pins: readonly Pin[];
  readonly ids: readonly string[];
}

export const NOTHING_RULED: CompiledRules = {
  excludedBy: null,
  buriedBy: null,
  lifts: null,
  boosts: [],
  pins: [],
  ids: [],
};
