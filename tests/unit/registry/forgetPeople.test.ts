import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetPeople, namedIn } from '../../../src/registry/forgetPeople.js';
import { type LoadedVersion, loadVersion, writeVersion } from '../../../src/registry/versionFolder.js';
import { plantDraft } from '../../helpers/version.js';

let dir: string;
let folder: string;
let before: LoadedVersion['snapshot'];
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'curio-forget-'));
  const { id } = await writeVersion(dir, { tenant: 't', parent: null }, plantDraft());
  folder = path.join(dir, id);
  before = (await loadVersion(folder)).snapshot;
});
afterEach(() => rm(dir, { recursive: true }));

const gone = (...ids: string[]) => ({ people: new Set(ids), authors: new Set(ids) });
const holding = async (text: string) => {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    if ((await readFile(path.join(folder, name), 'latin1')).includes(JSON.stringify(text))) found.push(name);
  }
  return found;
};

it('leaves a row without an id and without traits, and every other as it was', async () => {
  const table = before.people?.table;
  const id = table?.ids[1] ?? '';
  expect(await holding(id)).not.toEqual([]);
  expect(await forgetPeople(folder, gone(id))).toBe(true);
  expect(await holding(id)).toEqual([]);
  const { snapshot } = await loadVersion(folder);
  const now = snapshot.people?.table;
  expect(snapshot.version).toBe(before.version);
  expect(now?.ids).toEqual(table?.ids.map((one) => (one === id ? '' : one)));
  expect(now?.indexOf(id)).toBe(-1);
  expect(now?.indexOf('')).toBe(-1);
  expect(now?.indexOf(table?.ids[2] ?? '')).toBe(2);
  expect([now?.age[1], now?.gender.codes[1], now?.location.codes[1]]).toEqual([-1, -1, -1]);
  expect(now?.interests.offsets[2]).toBe(now?.interests.offsets[1]);
  const traits = (of: typeof table, row: number) =>
    Array.from(of?.interests.indices.slice(of.interests.offsets[row], of.interests.offsets[row + 1]) ?? [], (code) => [
      of?.interestNames[code],
      of?.location.names[of.location.codes[row] ?? -1],
    ]);
  expect(traits(now, 2)).toEqual(traits(table, 2));
  expect(snapshot.people?.near).toEqual(before.people?.near);
  expect(await forgetPeople(folder, gone(id))).toBe(false);
});

it('takes the names of authors off their works', async () => {
  const author = before.items.author.names[0] ?? '';
  expect(author).not.toBe('');
  expect((await namedIn(folder)).authors).toContain(author);
  expect(await forgetPeople(folder, gone(author))).toBe(true);
  expect((await namedIn(folder)).authors).not.toContain(author);
  expect(await holding(author)).toEqual([]);
});

it('does one after the other what is asked at once', async () => {
  const ids = before.people?.table.ids.slice(0, 4) ?? [];
  await Promise.all(ids.map((id) => forgetPeople(folder, gone(id))));
  expect((await loadVersion(folder)).snapshot.people?.table.ids.slice(0, 4)).toEqual(ids.map(() => ''));
  for (const id of ids) expect(await holding(id)).toEqual([]);
});

it('removes what a rewrite that was killed left behind, with the names in it', async () => {
  const id = before.people?.table.ids[0] ?? '';
  const people = await readFile(path.join(folder, 'people.json'));
  await forgetPeople(folder, gone(id));
  await writeFile(path.join(folder, 'people.json'), people);
  await writeFile(path.join(folder, '.manifest.json-x'), 'half');
  await (await loadVersion(folder)).dispose();
  expect(await holding(id)).toEqual(['people.json']);
  expect(await forgetPeople(folder, gone(id))).toBe(false);
  expect(await holding(id)).toEqual([]);
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});
