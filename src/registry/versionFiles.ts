import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RegistryError } from './errors.js';
import { type Manifest, manifestSchema } from './manifest.js';

export const MANIFEST = 'manifest.json';

/** @throws RegistryError when it is missing or damaged. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(path.join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new RegistryError(`${MANIFEST} is missing`, { cause });
  });
  const parsed = manifestSchema.safeParse(toJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RegistryError(`${MANIFEST} is damaged at ${issue?.path.join('.') || 'its start'}: ${issue?.message}`);
}

/** Writes a file and waits until it is on disk. */
export async function writeText(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder durable. Where a system cannot open folders it does so by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
