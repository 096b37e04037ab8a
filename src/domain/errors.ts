/** Codes a caller may see in `extensions.code`. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'TIMEOUT'
  | 'PAYLOAD_TOO_LARGE';

/** An error the caller can act on. Everything else is masked as `INTERNAL_SERVER_ERROR`. */
export class CurioError extends Error {
  readonly code: ErrorCode;
  /** Further members of `extensions`, for example `field` or `retryAfterMs`. */
  readonly extensions: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, message: string, extensions: Readonly<Record<string, string | number>> = {}) {
    super(message);
    this.name = 'CurioError';
    this.code = code;
    this.extensions = extensions;
  }
}

/** Input that names its field and says what would be right: `first must be 1 to 100, got 0.` */
export function badInput(field: string, rule: string): CurioError {
  return new CurioError('BAD_USER_INPUT', `${field} ${rule}`, { field });
}

/** Something this needs does not answer at the moment, and there is no poorer way to answer. Over HTTP that is a 503. */
export function awayError(): CurioError {
  return new CurioError('TIMEOUT', 'Something this needs does not answer at the moment, try again', {
    retryAfterMs: 1_000,
  });
}
