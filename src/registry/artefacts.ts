import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { RegistryError } from './errors.js';
import type { ArtefactEntry, ArtefactType } from './manifest.js';
import { bytesWithRoom } from './room.js';

/** What one file of a version folder holds. */
export type ArtefactValue =
  | { readonly type: 'int32'; readonly value: Int32Array }
  | { readonly type: 'float32'; readonly value: Float32Array }
  | { readonly type: 'float64'; readonly value: Float64Array }
  | { readonly type: 'json' | 'onnx' | 'faiss'; readonly value: Uint8Array };

/** Read and hashed at a time, so that a large file does not hold the event loop. */
const CHUNK_BYTES = 1 << 20;

/** Extension of the file by what it holds. */
const EXTENSIONS: Readonly<Record<ArtefactType, string>> = {
  int32: 'i32',
  float32: 'f32',
  float64: 'f64',
  json: 'json',
  onnx: 'onnx',
  faiss: 'faiss',
};

/** Writes the file of an artefact and waits until it is on disk. */
export async function writeArtefact(
  folder: string,
  name: string,
  { type, value }: ArtefactValue,
): Promise<ArtefactEntry> {
  const file = `${name}.${EXTENSIONS[type]}`;
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const hash = createHash('sha256');
  const handle = await open(path.join(folder, file), 'wx');
  try {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      hash.update(chunk);
      await handle.write(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { file, type, bytes: bytes.length, sha256: hash.digest('hex') };
}

/**
 * Reads an artefact and checks that it is what was written. So many bytes of room are behind it in its buffer (`room.ts`).
 * @throws RegistryError naming the file when it is missing, or has another size or other content.
 */
export async function readArtefact(folder: string, entry: ArtefactEntry, spare = 0): Promise<Uint8Array<ArrayBuffer>> {
  const content = bytesWithRoom(entry.bytes, spare);
  await eachChunk(folder, entry, (chunk, at) => content.set(chunk, at));
  return content;
}

/** The same where whoever needs the content reads the file themselves. @throws RegistryError as `readArtefact`. */
export function checkArtefact(folder: string, entry: ArtefactEntry): Promise<void> {
  return eachChunk(folder, entry, () => {});
}

async function eachChunk(
  folder: string,
  { file, bytes, sha256 }: ArtefactEntry,
  take: (chunk: Uint8Array, at: number) => void,
): Promise<void> {
  const handle = await open(path.join(folder, file)).catch((cause: unknown) => {
    throw new RegistryError(`${file} is missing`, { cause });
  });
  try {
    const { size } = await handle.stat();
    if (size !== bytes) throw new RegistryError(`${file} is damaged: it has ${size} bytes, not ${bytes}`);
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, bytes));
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(CHUNK_BYTES, bytes - at), at);
      if (bytesRead === 0) throw new RegistryError(`${file} is damaged: it ends after ${at} of ${bytes} bytes`);
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      take(chunk, at);
      at += bytesRead;
    }
    if (hash.digest('hex') !== sha256)
      throw new RegistryError(`${file} is damaged: its checksum is not the one written`);
  } finally {
    await handle.close();
  }
}
