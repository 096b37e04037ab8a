import type { Item, ItemDraft, UserDraft } from '../../domain/entities.js';
import type { RejectedRow } from '../feedback/types.js';

export interface UpsertReceipt {
  readonly created: number;
  readonly updated: number;
  readonly rejected: readonly RejectedRow[];
}

/** Writes of entities. Who may call which is checked by the caller (`services/access.ts`). */
export interface CatalogService {
  /** 1 to 1,000 drafts; throws `BAD_USER_INPUT` for an empty or larger list. */
  upsertItems(tenant: string, drafts: readonly ItemDraft[], signal?: AbortSignal): Promise<UpsertReceipt>;
  upsertUsers(tenant: string, drafts: readonly UserDraft[], signal?: AbortSignal): Promise<UpsertReceipt>;
  /** Throws `NOT_FOUND` for an unknown id. */
  hideItem(tenant: string, id: string): Promise<Item>;
  eraseUser(tenant: string, id: string): Promise<boolean>;
}
