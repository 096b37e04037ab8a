import type { TypedDocumentString } from './generated/graphql.js';

/** What GraphQL answers: data, errors, or both, since one section may fail alone. */
export interface Answer<Result> {
  readonly data: Result | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly requestId: string; readonly retryAfterMs?: number };
  }[];
  /** `degraded` names plain lists that are older than they should be, or empty. */
  readonly extensions?: { readonly degraded?: readonly string[] };
}

export interface Server {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** A JWT; asked for before each request, so that it can be renewed. */
  readonly token: () => Promise<string>;
}

/** Sends one operation; variables and answer have the types of the document. */
export async function ask<Result, Variables>(
  { url, token }: Server,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Answer<Result>> {
  const response = await fetch(new URL('/graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const answer: Answer<Result> = await response.json();
  return answer;
}
