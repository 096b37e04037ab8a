import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { POST_KIND } from '../domain/posts.js';
import { type ArtefactValue, readArtefact, writeArtefact } from './artefacts.js';
import { itemNamesSchema } from './itemTable.js';
import { lockFile } from './lockFile.js';
import type { ArtefactType, Manifest } from './manifest.js';
import { fromRows } from './parts/sparseRows.js';
import { peopleNamesSchema } from './peopleTable.js';
import type { SparseRows } from './snapshot.js';
import { MANIFEST, readManifest, syncFolder, writeText } from './versionFiles.js';

/** Who must not be named by a version any longer. */
export interface Gone {
  readonly people: ReadonlySet<string>;
  readonly authors: ReadonlySet<string>;
}

/** Terms of `features/content/terms.ts`. */
const AUTHOR_TERM = 'author:';
const TAG_TERM = 'tag:';
const LOCK = '.rewriting';

/** Whom a version names. @throws RegistryError when it cannot be read. */
export async function namedIn(folder: string): Promise<{ people: string[]; authors: string[] }> {
  const { json } = readerOf(folder, await readManifest(folder));
  const [people, items] = await Promise.all([json('people', peopleNamesSchema), json('items', itemNamesSchema)]);
  return {
    people: people?.ids.filter((id) => id !== '') ?? [],
    authors: items?.authors.filter((id) => id !== '') ?? [],
  };
}

/**
 * Takes people out of a version where it lies: their row stays, so that the others keep their places, without an id and without
 * traits. What changes is written under new names, then the manifest is replaced in one step, then the old files go: killed
 * anywhere, it leaves a version that loads, and the next call removes what lies about. Answers whether anything changed.
 */
export async function forgetPeople(folder: string, gone: Gone): Promise<boolean> {
  const unlock = await lockFile(path.join(folder, LOCK));
  try {
    const manifest = await readManifest(folder);
    await removeStrays(folder, manifest);
    const changed = await changesOf(folder, manifest, gone);
    if (changed.size === 0) return false;
    const artefacts = { ...manifest.artefacts };
    for (const [name, value] of changed) {
      const { file, ...entry } = await writeArtefact(folder, `${name}.${randomUUID().slice(0, 8)}`, value);
      artefacts[name] = { file, ...entry };
    }
    const next: Manifest = { ...manifest, artefacts };
    const fresh = path.join(folder, `.${MANIFEST}-${randomUUID()}`);
    await writeText(fresh, `${JSON.stringify(next, null, 2)}\n`);
    await syncFolder(folder);
    await rename(fresh, path.join(folder, MANIFEST));
    await syncFolder(folder);
    await removeStrays(folder, next);
    return true;
  } finally {
    await unlock();
  }
}

async function changesOf(folder: string, manifest: Manifest, gone: Gone): Promise<Map<string, ArtefactValue>> {
  const read = readerOf(folder, manifest);
  const items = await itemChanges(read, gone.authors);
  const people = await peopleChanges(read, gone.people);
  return new Map([...items, ...people]);
}

/** Works stay, without their author; posts went with the person, so their tags go too. */
async function itemChanges(read: Reader, gone: ReadonlySet<string>): Promise<[string, ArtefactValue][]> {
  const names = await read.json('items', itemNamesSchema);
  if (names === null || !names.authors.some((author) => gone.has(author))) return [];
  const kinds = await read.int32('item-kind');
  const keeps = Array.from(
    await read.int32('item-author'),
    (code, row) => names.kinds[kinds[row] ?? -1] !== POST_KIND || !gone.has(names.authors[code] ?? ''),
  );
  const tags = blankRows(await read.rows('item-tag'), keeps);
  const tagNames = onlyUsed(names.tags, tags.indices);
  const lost = new Set(names.tags.filter((tag, code) => tag !== tagNames[code]).map((tag) => TAG_TERM + tag));
  const isGone = (term: string) =>
    lost.has(term) || (term.startsWith(AUTHOR_TERM) && gone.has(term.slice(AUTHOR_TERM.length)));
  const terms = await read.json('content-terms', z.array(z.string()));
  return [
    ['items', asJson({ ...names, authors: names.authors.map((one) => (gone.has(one) ? '' : one)), tags: tagNames })],
    ...fromRows('item-tag', tags),
    ...(terms?.some(isGone)
      ? [['content-terms', asJson(terms.map((term) => (isGone(term) ? '' : term)))] satisfies [string, ArtefactValue]]
      : []),
  ];
}

async function peopleChanges(read: Reader, gone: ReadonlySet<string>): Promise<[string, ArtefactValue][]> {
  const names = await read.json('people', peopleNamesSchema);
  if (names === null || !names.ids.some((id) => gone.has(id))) return [];
  const keeps = names.ids.map((id) => !gone.has(id));
  const codes = async (artefact: string) => (await read.int32(artefact)).map((code, row) => (keeps[row] ? code : -1));
  const ages = await codes('people-age');
  const genders = await codes('people-gender');
  const locations = await codes('people-location');
  const interests = blankRows(await read.rows('people-interest'), keeps);
  // A trait that nobody has any longer was theirs alone.
  const left = {
    ids: names.ids.map((id, row) => (keeps[row] ? id : '')),
    genders: onlyUsed(names.genders, genders),
    locations: onlyUsed(names.locations, locations),
    interests: onlyUsed(names.interests, interests.indices),
  };
  return [
    ['people', asJson(left)],
    ['people-age', { type: 'int32', value: ages }],
    ['people-gender', { type: 'int32', value: genders }],
    ['people-location', { type: 'int32', value: locations }],
    ...fromRows('people-interest', interests),
  ];
}

type Reader = ReturnType<typeof readerOf>;

function readerOf(folder: string, { artefacts }: Manifest) {
  const bytes = async (name: string, type: ArtefactType) => {
    const entry = artefacts[name];
    return entry?.type === type ? readArtefact(folder, entry) : null;
  };
  const int32 = async (name: string) => new Int32Array((await bytes(name, 'int32'))?.buffer ?? new ArrayBuffer(0));
  return {
    /** Null where the version has none. */
    json: async <T>(name: string, schema: z.ZodType<T>): Promise<T | null> => {
      const found = await bytes(name, 'json');
      return found === null ? null : schema.parse(JSON.parse(new TextDecoder().decode(found)));
    },
    int32,
    rows: async (name: string): Promise<SparseRows> => ({
      offsets: await int32(`${name}-offsets`),
      indices: await int32(`${name}-indices`),
      values: new Float32Array((await bytes(`${name}-values`, 'float32'))?.buffer ?? new ArrayBuffer(0)),
    }),
  };
}

/** The same rows, those that are not kept empty. */
function blankRows({ offsets, indices, values }: SparseRows, keeps: readonly boolean[]): SparseRows {
  const next = new Int32Array(offsets.length);
  const entries: number[] = [];
  for (const [row, keep] of keeps.entries()) {
    for (let at = offsets[row] ?? 0; keep && at < (offsets[row + 1] ?? 0); at++) entries.push(at);
    next[row + 1] = entries.length;
  }
  return {
    offsets: next,
    indices: Int32Array.from(entries, (at) => indices[at] ?? 0),
    values: Float32Array.from(entries, (at) => values[at] ?? 0),
  };
}

const asJson = (value: unknown): ArtefactValue => ({
  type: 'json',
  value: new TextEncoder().encode(JSON.stringify(value)),
});

function onlyUsed(names: readonly string[], codes: Int32Array): string[] {
  const used = new Set(codes);
  return names.map((name, code) => (used.has(code) ? name : ''));
}

/** What a rewrite that was killed left. */
async function removeStrays(folder: string, { artefacts }: Manifest): Promise<void> {
  const named = new Set([MANIFEST, LOCK, ...Object.values(artefacts).map(({ file }) => file)]);
  for (const name of await readdir(folder)) if (!named.has(name)) await rm(path.join(folder, name), { force: true });
}
