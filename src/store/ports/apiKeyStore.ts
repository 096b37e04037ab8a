import type { Role } from '../../domain/identity.js';
import type { Rates } from '../../domain/rates.js';

export interface ApiKeyRow {
  readonly tenant: string;
  readonly name: string;
  readonly role: Role;
  /** Limits of its own; the configured ones of a service hold for the others. */
  readonly rates: Rates;
}

/** Keys of services, by their SHA-256 in hex. The key itself is never stored. */
export interface ApiKeyStore {
  /** Null when unknown or revoked. */
  find(hash: string, signal?: AbortSignal): Promise<ApiKeyRow | null>;
  create(hash: string, row: ApiKeyRow): Promise<void>;
  revoke(hash: string): Promise<void>;
}
