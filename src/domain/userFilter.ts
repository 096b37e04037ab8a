/** Which people a caller wants. Every member narrows; what is null or empty does not. */
export interface UserFilter {
  /** Years, both included. Someone of unknown age is outside any bound. */
  readonly minAge: number | null;
  readonly maxAge: number | null;
  readonly location: string | null;
  readonly gender: readonly string[] | null;
  readonly interestsAny: readonly string[] | null;
}
