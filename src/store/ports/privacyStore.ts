/** An erasure whose traces outside the database may still be there. */
export interface Erasure {
  readonly tenant: string;
  readonly userId: string;
  /** Epoch milliseconds. */
  readonly erasedAt: number;
}

/** What is kept of people, one kind after the other, each row as JSON text; in bounded memory. */
export interface ExportedRows {
  readonly section: string;
  readonly rows: AsyncIterable<readonly string[]>;
}

/** What one batch took away. */
export interface Expired {
  readonly events: number;
  readonly lists: number;
  /** Whose events went. */
  readonly people: readonly { readonly tenant: string; readonly userId: string }[];
}

/** People's rights to what is kept of them. */
export interface PrivacyStore {
  /** Erasures of before a moment (epoch ms) that are not settled, oldest first, up to `limit`. */
  unsettled(before: number, limit: number): Promise<Erasure[]>;
  /** Removes the lists that were on their way to the log while the person was erased, and the note of the erasure. */
  settle(erasure: Erasure): Promise<void>;
  /** Those of the ids that are no users, and those that no item names as its author. */
  unknownAmong(
    tenant: string,
    ids: { readonly people: readonly string[]; readonly authors: readonly string[] },
  ): Promise<{ readonly people: ReadonlySet<string>; readonly authors: ReadonlySet<string> }>;
  /** What is kept of a person beside their profile, oldest first. */
  rowsOf(tenant: string, userId: string): readonly ExportedRows[];
  /**
   * Deletes up to `limit` events and up to `limit` shown lists of before a moment (epoch ms), of all tenants. Counts of items
   * stay. Nothing deleted means that nothing is left.
   */
  expire(before: number, limit: number): Promise<Expired>;
}
