import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

/** Apollo's format: what `generate-persisted-query-manifest` writes. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), name: z.string(), body: z.string().min(1) })),
});

/** What Apollo Server puts before a hash. */
const APQ = 'apq:';
/** Operations kept that clients registered themselves; one is seldom larger than 2,000 characters. */
const MAX_AUTOMATIC = 5_000;

export interface PersistedOptions {
  /** A manifest of operations; null for none. */
  readonly manifest: string | null;
  /** Whether nothing else is served. */
  readonly only: boolean;
}

/** Operations that are known by the hash of their text, or by the id a manifest gives them. */
export interface PersistedOperations {
  /** For Apollo Server. A node that does not know an operation asks its client for the text once. */
  readonly cache: {
    get(key: string): Promise<string | undefined>;
    set(key: string, text: string): Promise<void>;
    delete(key: string): Promise<boolean>;
  };
  /** Whether this text may be executed. */
  serves(text: string): boolean;
}

/** @throws Error naming the file when it cannot be read or is no manifest. */
export function openPersisted({ manifest: file, only }: PersistedOptions): PersistedOperations {
  const registered = file === null ? new Map<string, string>() : readManifest(file);
  const texts = new Set(registered.values());
  const automatic = new LRUCache<string, string>({ max: MAX_AUTOMATIC });
  return {
    cache: {
      get: async (key) => registered.get(key.replace(APQ, '')) ?? automatic.get(key),
      async set(key, text) {
        if (!only) automatic.set(key, text);
      },
      delete: async (key) => automatic.delete(key),
    },
    serves: (text) => !only || texts.has(text),
  };
}

function readManifest(file: string): Map<string, string> {
  try {
    const { operations } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
    return new Map(
      operations.flatMap(({ id, body }) => [
        [id, body],
        [createHash('sha256').update(body).digest('hex'), body],
      ]),
    );
  } catch (cause) {
    throw new Error(`CURIO_PERSISTED_OPERATIONS: ${file} is not a readable manifest of persisted operations`, {
      cause,
    });
  }
}
