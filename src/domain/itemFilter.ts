/** Which items a caller wants. Every member narrows; what is null does not, nor what is empty. */
export interface ItemFilter {
  /** One of these; unlike the others, an empty list lets nothing through. */
  readonly ids: readonly string[] | null;
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
