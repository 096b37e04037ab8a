/** What of a list is left to chance. */
export interface Chance {
  /** Share of the positions that are given to uncertain items: 0 for none, at most 0.5. */
  readonly share: number;
  /** Of the random numbers: the same request draws the same. */
  readonly seed: number;
  /** Which of the uncertain items are looked at: others at another hour, for another person. Not random. */
  readonly turn: number;
}

export const NO_CHANCE: Chance = { share: 0, seed: 0, turn: 0 };

/** An item with so few positive actions in the log is uncertain: of it one cannot tell yet whether it is any good. */
export const UNCERTAIN_POPULARITY = 10;
