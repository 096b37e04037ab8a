import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../domain/clock.js';
import type { MediaFiles, MediaStore } from '../ports/mediaStore.js';
import { createLocalMedia } from './local.js';
import { createS3Media, type S3Options } from './s3.js';

export interface MediaOptions {
  readonly dataDir: string;
  /** Null for the folder `media` of the data folder. */
  readonly s3: Omit<S3Options, 'baseUrl' | 'clock'> | null;
  /** Null for this server, or the bucket itself. */
  readonly baseUrl: string | null;
  readonly clock: Clock;
}

export interface OpenMedia {
  readonly store: MediaStore;
  /** For the server to put behind routes; null where the storage has its own. */
  readonly files: MediaFiles | null;
}

export async function openMedia({ dataDir, s3, baseUrl, clock }: MediaOptions): Promise<OpenMedia> {
  if (s3 !== null) {
    const own = `${s3.endpoint.replace(/\/+$/, '')}/${s3.bucket}`;
    return { store: createS3Media({ ...s3, baseUrl: baseUrl ?? own, clock }), files: null };
  }
  const dir = path.join(dataDir, 'media');
  await mkdir(dir, { recursive: true });
  const media = createLocalMedia({ dir, secret: await secretIn(dir), baseUrl: baseUrl ?? '/media', clock });
  return { store: media, files: media };
}

/** Made once for a folder, by whichever node comes first. */
async function secretIn(dir: string): Promise<Buffer> {
  const file = path.join(dir, '.secret');
  await writeFile(file, randomBytes(32), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return readFile(file);
}
