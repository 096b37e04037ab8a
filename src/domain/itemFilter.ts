/** Which items a caller wants. Every member narrows; what is null or empty does not. */
export interface ItemFilter {
  readonly kind: readonly string[] | null;
  readonly category: readonly string[] | null;
  readonly tagsAny: readonly string[] | null;
  readonly tagsAll: readonly string[] | null;
  readonly authorId: readonly string[] | null;
  /** Later than this moment. */
  readonly createdAfter: Date | null;
  /** At least this many positive actions. */
  readonly minPopularity: number | null;
  readonly notIds: readonly string[] | null;
}
