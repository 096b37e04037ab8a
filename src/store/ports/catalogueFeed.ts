/** What changed: these entities, or so many that nothing is certain. */
export type Change = { readonly items: readonly string[]; readonly users: readonly string[] } | 'all';

/** Changes of users and items, as this node hears of them. */
export interface CatalogueFeed {
  /** Told of every change of a tenant that was attended to, also of this node's own. The answer ends it. */
  subscribe(listener: (tenant: string, change: Change) => void): () => void;
  /**
   * Call now and then for a tenant whose changes matter: what was missed is found out, and told as `all`. The first time
   * says `all`, too.
   */
  attend(tenant: string): void;
  /** Tells every node. Call once a change is durable that did not go through the entity store, which tells its own. */
  tell(tenant: string, change: Change): Promise<void>;
}
