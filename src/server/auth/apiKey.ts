import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../domain/clock.js';
import type { ApiKeyStore } from '../../store/ports/apiKeyStore.js';
import { type Caller, refused } from './caller.js';

/** How long a revoked key may still pass, and a new one be refused that was tried too early. */
const TRUST_MS = 30_000;
const MAX_KEY_LENGTH = 512;

export interface ApiKeyDeps {
  readonly apiKeys: ApiKeyStore;
  readonly clock: Clock;
}

/** @throws CurioError UNAUTHENTICATED */
export type VerifyApiKey = (key: string) => Promise<Caller>;

/** SHA-256 in hex: the form in which keys are stored and looked up. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function createVerifyApiKey({ apiKeys, clock }: ApiKeyDeps): VerifyApiKey {
  const known = new LRUCache<string, { readonly caller: Caller | null; readonly until: number }>({ max: 10_000 });
  return async (key) => {
    if (key.length === 0 || key.length > MAX_KEY_LENGTH) throw refused('The API key is not valid');
    const hash = hashApiKey(key);
    let entry = known.get(hash);
    if (entry === undefined || entry.until <= clock()) {
      const row = await apiKeys.find(hash);
      const caller =
        row === null
          ? null
          : {
              identity: { tenant: row.tenant, role: row.role, userId: null },
              expiresAt: null,
              name: `${row.tenant}:key:${row.name}`,
              rates: row.rates,
            };
      entry = { caller, until: clock() + TRUST_MS };
      known.set(hash, entry);
    }
    if (entry.caller === null) throw refused('The API key is not valid');
    return entry.caller;
  };
}
