import type { IncomingHttpHeaders } from 'node:http';
import type { VerifyApiKey } from './apiKey.js';
import type { VerifyBearer } from './bearer.js';
import { type Caller, refused } from './caller.js';

export interface AuthenticateDeps {
  readonly verifyBearer: VerifyBearer;
  readonly verifyApiKey: VerifyApiKey;
}

/** Null without credentials. @throws CurioError UNAUTHENTICATED when there are some and they do not hold. */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Caller | null>;

/** A bearer token counts before an API key, when both are sent. */
export function createAuthenticate({ verifyBearer, verifyApiKey }: AuthenticateDeps): Authenticate {
  return async (headers) => {
    const { authorization, 'x-api-key': apiKey } = headers;
    if (authorization !== undefined && authorization !== '') {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      if (token === undefined) throw refused('The Authorization header must be `Bearer <token>`');
      return verifyBearer(token);
    }
    return typeof apiKey === 'string' ? verifyApiKey(apiKey) : null;
  };
}
