/** What a client needs to bring a file to the storage: one request, as it stands. */
export interface MediaUpload {
  readonly method: 'PUT';
  /** Absolute, or a path of this server. */
  readonly url: string;
  /** To be sent as they are: they are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export interface MediaTicket {
  /** One of `MEDIA_TYPES`. */
  readonly type: string;
  /** Exactly so many. */
  readonly bytes: number;
}

/** Files of posts, by key. The server signs uploads and never touches what is uploaded. */
export interface MediaStore {
  readonly kind: 'local' | 's3';
  /** Lets one file of that type and size be put under the key, for a quarter of an hour. */
  sign(key: string, ticket: MediaTicket): Promise<MediaUpload>;
  /** Where clients find it. */
  urlOf(key: string): string;
  /** Idempotent. */
  delete(key: string): Promise<void>;
}

/** The side of a local storage that the server puts behind routes of its own. */
export interface MediaFiles {
  /**
   * Takes the body of an upload that `sign` allowed: `query` is that of its address.
   * @throws CurioError FORBIDDEN, PAYLOAD_TOO_LARGE or BAD_USER_INPUT
   */
  receive(key: string, query: unknown, body: AsyncIterable<Buffer>): Promise<void>;
  /** Null where there is none. */
  open(
    key: string,
  ): Promise<{ readonly type: string; readonly bytes: number; readonly body: NodeJS.ReadableStream } | null>;
}

/** How long an upload may wait, in milliseconds. */
export const UPLOAD_MS = 15 * 60_000;
