import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../../domain/clock.js';
import { type MediaStore, UPLOAD_MS } from '../ports/mediaStore.js';

export interface S3Options {
  /** `https://s3.eu-central-1.amazonaws.com`, or whatever speaks its protocol. Buckets are addressed by path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What media addresses begin with, without a slash at the end. */
  readonly baseUrl: string;
  readonly clock: Clock;
}

/**
 * Media in S3-compatible storage. Uploads go straight there: the address is signed (AWS Signature Version 4, in the query)
 * together with the type and the size of the file, which the storage enforces.
 */
export function createS3Media(options: S3Options): MediaStore {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey, baseUrl, clock } = options;
  const addressOf = (key: string) => new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${encodeURIComponent(key)}`);
  const signer = (parts: { url: URL; method: string; headers?: Record<string, string>; signQuery?: boolean }) =>
    new AwsV4Signer({
      ...parts,
      url: parts.url.href,
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
      // Type and size too, which are else left out.
      allHeaders: true,
      datetime: new Date(clock()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    });

  return {
    kind: 's3',
    async sign(key, { type, bytes }) {
      const url = addressOf(key);
      url.searchParams.set('X-Amz-Expires', String(UPLOAD_MS / 1000));
      const headers = { 'content-type': type, 'content-length': String(bytes) };
      const signed = await signer({ url, method: 'PUT', headers, signQuery: true }).sign();
      return { method: 'PUT', url: signed.url.href, headers, expiresAt: new Date(clock() + UPLOAD_MS) };
    },
    urlOf: (key) => `${baseUrl}/${encodeURIComponent(key)}`,
    async delete(key) {
      const { method, url, headers } = await signer({ url: addressOf(key), method: 'DELETE' }).sign();
      const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(10_000) });
      await response.body?.cancel();
      if (!response.ok && response.status !== 404) {
        throw new Error(`The storage answered ${response.status} to deleting ${key}`);
      }
    },
  };
}
