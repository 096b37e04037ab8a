import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../domain/clock.js';
import { badInput, CurioError } from '../../domain/errors.js';
import { MEDIA_TYPES } from '../../domain/posts.js';
import { type MediaFiles, type MediaStore, type MediaTicket, UPLOAD_MS } from '../ports/mediaStore.js';
import { HEAD_BYTES, looksLike } from './magic.js';

const KEY = /^([\w-]{1,100})\.([a-z0-9]{1,5})$/;
const TYPES: ReadonlyMap<string, string> = new Map(Object.entries(MEDIA_TYPES).map(([type, ending]) => [ending, type]));

const query = z.object({
  type: z.string(),
  bytes: z.coerce.number().int().min(1),
  expires: z.coerce.number().int(),
  signature: z.string(),
});

export interface LocalMediaOptions {
  readonly dir: string;
  /** Signs uploads; the same on every node. */
  readonly secret: Buffer;
  /** What media addresses begin with, without a slash at the end: `/media`, or a CDN in front of it. */
  readonly baseUrl: string;
  readonly clock: Clock;
}

/** Media in a folder, uploaded to and served by this server. A file is there whole or not at all. */
export function createLocalMedia({ dir, secret, baseUrl, clock }: LocalMediaOptions): MediaStore & MediaFiles {
  const signatureOf = (key: string, { type, bytes }: MediaTicket, expires: number) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([key, type, bytes, expires]))
      .digest('base64url');

  /** Its place, in one of 256 folders or so; null for a key that is none. */
  const placeOf = (key: string) => (KEY.test(key) ? path.join(dir, key.slice(0, 2), key) : null);

  const check = (key: string, given: unknown): MediaTicket => {
    const { data } = query.safeParse(given);
    if (data !== undefined) {
      const wanted = Buffer.from(signatureOf(key, data, data.expires));
      const got = Buffer.from(data.signature);
      if (wanted.length === got.length && timingSafeEqual(wanted, got)) {
        if (data.expires >= clock()) return data;
        throw new CurioError('FORBIDDEN', 'The upload has expired; create the post again');
      }
    }
    throw new CurioError('FORBIDDEN', 'The address is not one that createPost answered');
  };

  return {
    kind: 'local',
    async sign(key, { type, bytes }) {
      const expires = clock() + UPLOAD_MS;
      const signature = signatureOf(key, { type, bytes }, expires);
      const params = new URLSearchParams({ type, bytes: String(bytes), expires: String(expires), signature });
      const headers = { 'content-type': type, 'content-length': String(bytes) };
      return { method: 'PUT', url: `/media/${key}?${params}`, headers, expiresAt: new Date(expires) };
    },
    urlOf: (key) => `${baseUrl}/${key}`,
    async receive(key, given, body) {
      const ticket = check(key, given);
      const place = placeOf(key);
      if (place === null) throw new CurioError('NOT_FOUND', 'There is no such media');
      await mkdir(path.dirname(place), { recursive: true });
      const unfinished = `${place}.${randomUUID()}`;
      try {
        await write(unfinished, ticket, body);
        await rename(unfinished, place);
      } finally {
        await rm(unfinished, { force: true });
      }
    },
    async open(key) {
      const place = placeOf(key);
      const type = TYPES.get(KEY.exec(key)?.[2] ?? '');
      if (place === null || type === undefined) return null;
      const found = await stat(place).catch(() => null);
      return found?.isFile() === true ? { type, bytes: found.size, body: createReadStream(place) } : null;
    },
    async delete(key) {
      const place = placeOf(key);
      if (place !== null) await rm(place, { force: true });
    },
  };
}

/** Refuses what is not of the size and type that were announced, as soon as it shows. */
async function write(place: string, { type, bytes }: MediaTicket, body: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(place, 'wx');
  try {
    let head = Buffer.alloc(0);
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > bytes) throw new CurioError('PAYLOAD_TOO_LARGE', `The body must have ${bytes} bytes, got more`);
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
        if (head.length === HEAD_BYTES && !looksLike(type, head)) throw wrongType(type);
      }
      await file.write(chunk);
    }
    if (size !== bytes) throw badInput('body', `must have ${bytes} bytes, got ${size}`);
    if (!looksLike(type, head)) throw wrongType(type);
    await file.sync();
  } finally {
    await file.close();
  }
}

function wrongType(type: string): CurioError {
  return badInput('body', `must be ${type}, as it was announced`);
}
