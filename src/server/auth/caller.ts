import { CurioError } from '../../domain/errors.js';
import type { Identity } from '../../domain/identity.js';

/** Who is asking, and under which name their calls are counted. */
export interface Caller {
  readonly identity: Identity;
  /** Unique over tenants, people and keys. */
  readonly name: string;
}

/** Says which credential was refused and what kind of reason it was; never what was in it. */
export function refused(reason: string): CurioError {
  return new CurioError('UNAUTHENTICATED', reason);
}
