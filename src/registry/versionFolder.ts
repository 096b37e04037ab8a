import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { MINUTE_MS } from '../domain/clock.js';
import { type ArtefactValue, checkArtefact, readArtefact, writeArtefact } from './artefacts.js';
import { readCodeVersion } from './codeVersion.js';
import { RegistryError } from './errors.js';
import { versionId } from './folderNames.js';
import { type ArtefactEntry, FORMAT_VERSION, type Manifest } from './manifest.js';
import { SHELF_ROWS } from './room.js';
import { type OpenRanker, openRanker } from './runtime/openRanker.js';
import type { Snapshot } from './snapshot.js';
import { MANIFEST, readManifest, syncFolder, writeText } from './versionFiles.js';
import { fromArtefacts, toArtefacts, type VersionParts } from './versionParts.js';

/** A model version as training hands it over. */
export interface VersionDraft {
  readonly createdAt: Date;
  readonly seed: number;
  readonly window: Manifest['window'];
  readonly counts: Manifest['counts'];
  readonly parameters: Manifest['parameters'];
  readonly tuned: Manifest['tuned'];
  readonly metrics: Manifest['metrics'];
  readonly parts: VersionParts;
  /** The learned ranker and the columns it reads; null when there is none. */
  readonly ranker: { readonly model: Uint8Array; readonly features: readonly string[] } | null;
}

/** Makes an index over the rows of a matrix, as a file keeps it; null where all rows are read anyway. */
export type BuildIndex = (vectors: Float32Array, dimensions: number) => Promise<Uint8Array | null>;

/** Artefacts that hold an index, by the part of the version whose rows it is over. */
const INDEXES = { collaborative: 'item-index', content: 'content-index' } as const;

/** A snapshot whose ranker's memory is ours to free. */
export interface LoadedVersion {
  readonly snapshot: Snapshot;
  dispose(): Promise<void>;
}

/** No version id starts like this, so that what was left half-written is never taken for one. */
const TEMPORARY = '.writing-';
/** Who writes says so this often, */
const HEARTBEAT_MS = 20_000;
/** and a folder of which nobody has said so for this long was left by a process that died. */
const STALE_MS = 15 * MINUTE_MS;

/**
 * Writes a version into a folder of its own under `folder`: under a temporary name first, on disk and checked, then renamed.
 * Answers its manifest. A process killed on the way leaves nothing that looks like a version.
 */
export async function writeVersion(
  folder: string,
  { tenant, parent }: { readonly tenant: string; readonly parent: string | null },
  draft: VersionDraft,
  buildIndex: BuildIndex = async () => null,
): Promise<Manifest> {
  await mkdir(folder, { recursive: true });
  await removeStale(folder);
  const temporary = path.join(folder, `${TEMPORARY}${randomUUID()}`);
  await mkdir(temporary);
  const alive = setInterval(() => {
    const now = new Date();
    utimes(temporary, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  alive.unref();
  try {
    const values = toArtefacts(draft.parts);
    if (draft.ranker) values.set('ranker', { type: 'onnx', value: draft.ranker.model });
    const { collaborative, content } = draft.parts;
    for (const [name, model] of [
      [INDEXES.collaborative, collaborative],
      [INDEXES.content, content],
    ] as const) {
      const index = model === null ? null : await buildIndex(model.itemFactors, model.dimensions);
      if (index !== null) values.set(name, { type: 'faiss', value: index });
    }
    const artefacts = await writeAll(temporary, values);
    const { dimensions, unobservedWeight, regularization, frequencyExponent } = collaborative;
    const manifest: Manifest = {
      formatVersion: FORMAT_VERSION,
      id: versionId(draft.createdAt, contentHash(artefacts)),
      tenant,
      parent,
      createdAt: draft.createdAt.toISOString(),
      codeVersion: readCodeVersion(),
      seed: draft.seed,
      window: draft.window,
      counts: draft.counts,
      collaborative: { dimensions, unobservedWeight, regularization, frequencyExponent },
      parameters: draft.parameters,
      tuned: draft.tuned,
      metrics: draft.metrics,
      features: (draft.ranker?.features ?? []).map((name) => ({ name, type: 'float32' as const })),
      artefacts,
    };
    await writeText(path.join(temporary, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await syncFolder(temporary);
    const checked = await loadVersion(temporary);
    await checked.dispose();
    await rename(temporary, path.join(folder, manifest.id)).catch((cause: unknown) => {
      throw new RegistryError(`model version ${manifest.id} cannot take its place in ${folder}`, { cause });
    });
    await syncFolder(folder);
    return manifest;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(alive);
  }
}

/**
 * Reads a version folder into memory, checking sizes and checksums.
 * @throws RegistryError naming the version and what is missing, damaged or of another format.
 */
export async function loadVersion(folder: string): Promise<LoadedVersion> {
  const label = path.basename(folder);
  try {
    const manifest = await readManifest(folder);
    try {
      return await loadFrom(folder, manifest);
    } catch (error) {
      // People may have been taken out of it meanwhile (`forgetPeople.ts`).
      const now = await readManifest(folder);
      if (JSON.stringify(now) === JSON.stringify(manifest)) throw error;
      return await loadFrom(folder, now);
    }
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new RegistryError(`model version ${label}: ${cause.message}`, { cause });
  }
}

async function loadFrom(folder: string, manifest: Manifest): Promise<LoadedVersion> {
  const parts = await fromArtefacts(manifest, async (name, type) => {
    const entry = manifest.artefacts[name];
    if (entry?.type !== type) throw new RegistryError(`${MANIFEST} names no ${type} artefact "${name}"`);
    return readArtefact(folder, entry, roomBehind(entry, manifest.counts.items));
  });
  const collaborative = { ...parts.collaborative, ...(await indexFile(folder, manifest, INDEXES.collaborative)) };
  const content =
    parts.content === null ? null : { ...parts.content, ...(await indexFile(folder, manifest, INDEXES.content)) };
  const ranker = await readRanker(folder, manifest);
  return {
    snapshot: { version: manifest.id, tenant: manifest.tenant, manifest, ...parts, collaborative, content, ranker },
    dispose: async () => ranker?.dispose(),
  };
}

/** FAISS reads it by itself. */
async function indexFile(folder: string, { artefacts }: Manifest, name: string): Promise<{ indexFile?: string }> {
  const entry = artefacts[name];
  if (entry === undefined) return {};
  await checkArtefact(folder, entry);
  return { indexFile: path.join(folder, entry.file) };
}

/** For as many rows as a shelf has, of the size of those there are; no more than there are, since small arrays are quickly copied. */
function roomBehind({ type, bytes }: ArtefactEntry, items: number): number {
  const isNumbers = type === 'int32' || type === 'float32' || type === 'float64';
  return isNumbers ? Math.ceil(bytes * Math.min(1, SHELF_ROWS / Math.max(1, items))) : 0;
}

async function readRanker(folder: string, { artefacts, features }: Manifest): Promise<OpenRanker | null> {
  const entry = artefacts.ranker;
  if (entry === undefined) return null;
  const model = await readArtefact(folder, entry);
  return openRanker(
    model,
    features.map((feature) => feature.name),
  );
}

async function writeAll(
  folder: string,
  values: ReadonlyMap<string, ArtefactValue>,
): Promise<Record<string, ArtefactEntry>> {
  const entries: Record<string, ArtefactEntry> = {};
  for (const [name, value] of values) entries[name] = await writeArtefact(folder, name, value);
  return entries;
}

/** Of what was learned, and not of when: the same events and seed give the same hash, whatever machine indexed them. */
function contentHash(artefacts: Readonly<Record<string, ArtefactEntry>>): string {
  const hash = createHash('sha256');
  for (const [name, { type, sha256 }] of Object.entries(artefacts)) {
    if (type !== 'faiss') hash.update(`${name} ${sha256}\n`);
  }
  return hash.digest('hex');
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const place = path.join(folder, name);
    const age = await stat(place).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await rm(place, { recursive: true, force: true });
  }
}
