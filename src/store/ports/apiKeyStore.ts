import type { Role } from '../../domain/identity.js';

export interface ApiKeyRow {
  readonly tenant: string;
  readonly name: string;
  readonly role: Role;
}

/** Keys of services, by their SHA-256 in hex. The key itself is never stored. */
export interface ApiKeyStore {
  /** Null when unknown or revoked. */
  find(hash: string): Promise<ApiKeyRow | null>;
  create(hash: string, row: ApiKeyRow): Promise<void>;
  revoke(hash: string): Promise<void>;
}
