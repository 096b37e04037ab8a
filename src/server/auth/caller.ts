import { CurioError } from '../../domain/errors.js';
import type { Identity } from '../../domain/identity.js';
import type { Rates } from '../../domain/rates.js';

/** Who is asking, and under which name their calls are counted. */
export interface Caller {
  readonly identity: Identity;
  /** When the credentials end (epoch ms); null where they do not say. */
  readonly expiresAt: number | null;
  /** Unique over tenants, people and keys. */
  readonly name: string;
  /** Limits of their own, instead of the configured ones. */
  readonly rates: Rates;
}

/** Says which credential was refused and what kind of reason it was; never what was in it. */
export function refused(reason: string): CurioError {
  return new CurioError('UNAUTHENTICATED', reason);
}
