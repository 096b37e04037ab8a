import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toOnnx } from '../../../src/learning/export/onnxLogistic.js';
import { RegistryError } from '../../../src/registry/errors.js';
import { openSegments } from '../../../src/registry/parts/segments.js';
import { longerFloat32, longerFloat64, longerInt32 } from '../../../src/registry/room.js';
import { loadVersion, type VersionDraft, writeVersion } from '../../../src/registry/versionFolder.js';
import { plantDraft } from '../../helpers/version.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'curio-versions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const features = ['collaborative', 'popularity'];
const draft: VersionDraft = {
  ...plantDraft(),
  ranker: { features, model: toOnnx({ weights: Float64Array.of(2, 1), bias: -1 }, features) },
};
const owner = { tenant: 'acme', parent: null };
const write = async () => path.join(folder, (await writeVersion(folder, owner, draft)).id);

describe('writeVersion and loadVersion', () => {
  it('give back what was written, bit by bit', async () => {
    const manifest = await writeVersion(folder, { tenant: 'acme', parent: 'before' }, draft);
    const { snapshot, dispose } = await loadVersion(path.join(folder, manifest.id));
    const { items, people, content, ...parts } = draft.parts;
    expect(snapshot).toMatchObject({ version: manifest.id, tenant: 'acme', ...parts });
    const terms = content?.vocabulary.terms ?? [];
    const vocabulary = expect.objectContaining({ terms });
    expect(snapshot.content).toEqual({ ...content, vocabulary });
    expect(terms.map((term) => snapshot.content?.vocabulary.indexOf(term))).toEqual([...terms.keys()]);
    expect(snapshot.content?.vocabulary.indexOf('no such term')).toBe(-1);
    const { indexOf, codeOfTag, ...columns } = snapshot.items;
    const { indexOf: original, codeOfTag: originalCode, ...expected } = items;
    expect(columns).toEqual(expected);
    expect(items.tagNames.map(codeOfTag)).toEqual(items.tagNames.map(originalCode));
    expect(codeOfTag('no such tag')).toBe(-1);
    expect(items.ids.map(indexOf)).toEqual(items.ids.map(original));
    const known = JSON.parse(JSON.stringify(people));
    expect(JSON.parse(JSON.stringify(snapshot.people))).toEqual(known);
    expect(snapshot.people?.table.indexOf('bo')).toBe(1);
    expect(snapshot.people?.table.indexOf('nobody')).toBe(-1);
    expect(snapshot.manifest).toEqual(manifest);
    expect(manifest).toMatchObject({ parent: 'before', seed: 1, counts: draft.counts, metrics: draft.metrics });
    const scores = await snapshot.ranker?.score(Float32Array.of(0.5, 0), 1);
    expect(scores?.[0]).toBeCloseTo(0.5, 6);
    await dispose();
  });

  it('give back the segments, and refuse those that do not fit', async () => {
    const row = { offsets: Int32Array.of(0, 1, 1), indices: Int32Array.of(2), values: Float32Array.of(0.5) };
    const columns = { kinds: ['device', 'hour'], values: ['phone', '7'], categories: row, items: row };
    const segments = openSegments(columns);
    const version = { ...draft, parts: { ...draft.parts, segments } };
    const manifest = await writeVersion(folder, owner, version);
    const { snapshot, dispose } = await loadVersion(path.join(folder, manifest.id));
    expect(snapshot.segments).toMatchObject(columns);
    expect([snapshot.segments?.rowOf('hour', '7'), snapshot.segments?.rowOf('hour', '8')]).toEqual([1, -1]);
    await dispose();
    const short = { ...version, parts: { ...draft.parts, segments: openSegments({ ...columns, values: ['phone'] }) } };
    await expect(writeVersion(folder, owner, short)).rejects.toThrow('segments has 1 numbers where 2');
    expect(() => openSegments({ ...columns, kinds: ['hour', 'hour'], values: ['7', '7'] })).toThrow('hour "7"');
  });

  it('leave room behind the rows of items, which one may write to and who comes later may not', async () => {
    const place = await write();
    const { snapshot, dispose } = await loadVersion(place);
    const { itemFactors } = snapshot.collaborative;
    const [one, other] = [{}, {}];
    const more = itemFactors.length + 10;
    const longer = longerFloat32(itemFactors, more, one);
    expect(longer.buffer).toBe(itemFactors.buffer);
    expect([...longer.subarray(itemFactors.length)]).toEqual(Array(10).fill(0));
    longer[more - 1] = 1;
    expect(longerFloat32(itemFactors, more, one)[more - 1]).toBe(1);
    const copy = longerFloat32(itemFactors, more, other);
    expect(copy.buffer).not.toBe(itemFactors.buffer);
    expect(copy.subarray(0, itemFactors.length)).toEqual(itemFactors);
    expect(copy[more - 1]).toBe(0);
    // As much as there are rows, here; beyond that a copy, even for the owner.
    expect(longerFloat32(itemFactors, 3 * itemFactors.length, one).buffer).not.toBe(itemFactors.buffer);
    expect(longerInt32(snapshot.items.kind.codes, snapshot.items.size + 1, one).at(-1)).toBe(0);
    expect(longerFloat64(snapshot.items.createdAt, snapshot.items.size + 1, one).at(-1)).toBe(0);
    await dispose();
  });

  it('have one id for one moment and content', async () => {
    const first = await writeVersion(path.join(folder, 'a'), owner, draft);
    expect(first.id).toMatch(/^20261120-100000-[0-9a-f]{4}$/);
    expect((await writeVersion(path.join(folder, 'b'), owner, draft)).artefacts).toEqual(first.artefacts);
    const changed = {
      ...draft,
      parts: { ...draft.parts, popularPrior: draft.parts.popularPrior.map((prior) => prior / 2) },
    };
    expect((await writeVersion(path.join(folder, 'c'), owner, changed)).id).not.toBe(first.id);
  });

  it('do not replace a version that is there', async () => {
    await write();
    await expect(write()).rejects.toThrow(/cannot take its place/);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('leave nothing behind when writing fails', async () => {
    const broken = { ...draft, metrics: { 'als.loss': Number.NaN } };
    await expect(writeVersion(folder, owner, broken)).rejects.toThrow('metrics.als.loss');
    expect(await readdir(folder)).toEqual([]);
  });

  it('clear away what a process that died left, and leave alone what may still be written', async () => {
    const [old, young] = ['.writing-old', '.writing-young'].map((name) => path.join(folder, name));
    for (const place of [old, young]) await mkdir(place ?? '');
    const before = new Date(Date.now() - 16 * 60_000);
    await utimes(old ?? '', before, before);
    await write();
    const names = await readdir(folder);
    expect(names).not.toContain('.writing-old');
    expect(names).toContain('.writing-young');
  });
});

describe('an index over what was learned', () => {
  it('is kept with the version, named by its file, checked, and no part of what the id is made of', async () => {
    const built: number[] = [];
    const manifest = await writeVersion(folder, owner, draft, async (vectors, dimensions) => {
      built.push(vectors.length / dimensions);
      return Uint8Array.of(1, 2, 3);
    });
    const { collaborative, content } = draft.parts;
    expect(built).toEqual([
      collaborative.itemFactors.length / collaborative.dimensions,
      (content?.itemFactors.length ?? 0) / (content?.dimensions ?? 1),
    ]);
    expect(manifest.artefacts['item-index']).toMatchObject({ file: 'item-index.faiss', type: 'faiss', bytes: 3 });
    const place = path.join(folder, manifest.id);
    const { snapshot, dispose } = await loadVersion(place);
    expect(snapshot.collaborative.indexFile).toBe(path.join(place, 'item-index.faiss'));
    expect(snapshot.content?.indexFile).toBe(path.join(place, 'content-index.faiss'));
    await dispose();
    await writeFile(path.join(place, 'item-index.faiss'), Uint8Array.of(1, 2, 4));
    await expect(loadVersion(place)).rejects.toThrow('item-index.faiss is damaged');

    await rm(place, { recursive: true });
    expect((await writeVersion(folder, owner, draft)).id).toBe(manifest.id);
  });
});

describe('loadVersion', () => {
  const breakFile = async (place: string, file: string, how: 'remove' | 'cut' | 'flip') => {
    const target = path.join(place, file);
    if (how === 'remove') return rm(target);
    const content = await readFile(target);
    if (how === 'cut') return truncate(target, content.length - 1);
    const at = Math.floor(content.length / 2);
    content[at] = (content[at] ?? 0) ^ 1;
    return writeFile(target, content);
  };

  it('refuses every artefact that is missing, cut short or changed by one bit, and names it', async () => {
    const place = await write();
    const { artefacts } = JSON.parse(await readFile(path.join(place, 'manifest.json'), 'utf8'));
    const files = Object.values<{ file: string }>(artefacts).map(({ file }) => file);
    expect(files.length).toBeGreaterThan(15);
    for (const file of files) {
      const good = await readFile(path.join(place, file));
      for (const how of ['remove', 'cut', 'flip'] as const) {
        if (good.length === 0 && how !== 'remove') continue;
        await breakFile(place, file, how);
        const refusal = await loadVersion(place).then(
          () => null,
          (error: unknown) => error,
        );
        expect(refusal).toBeInstanceOf(RegistryError);
        expect(String(refusal)).toContain(file);
        expect(String(refusal)).toContain(path.basename(place));
        await writeFile(path.join(place, file), good);
      }
    }
    await (await loadVersion(place)).dispose();
  });

  it('refuses a manifest that is missing, no JSON, incomplete or of a format from the future', async () => {
    const place = await write();
    const file = path.join(place, 'manifest.json');
    const good = JSON.parse(await readFile(file, 'utf8'));
    const { gram, ...others } = good.artefacts;
    expect(gram).toBeDefined();
    for (const [content, complaint] of [
      ['{', /manifest\.json is damaged/],
      [JSON.stringify({ ...good, formatVersion: 99 }), /damaged at formatVersion/],
      [JSON.stringify({ ...good, artefacts: others }), /no float64 artefact "gram"/],
      [
        JSON.stringify({ ...good, artefacts: { ...others, gram: { ...gram, file: '../secret' } } }),
        /artefacts\.gram\.file/,
      ],
      [
        JSON.stringify({ ...good, artefacts: { ...others, gram: { ...gram, type: 'float32' } } }),
        /no float64 artefact "gram"/,
      ],
    ] as const) {
      await writeFile(file, content);
      await expect(loadVersion(place)).rejects.toThrow(complaint);
    }
    await rm(file);
    await expect(loadVersion(place)).rejects.toThrow(/manifest\.json is missing/);
  });

  it('refuses parts that do not fit each other', async () => {
    const short = { ...draft.parts, popularPrior: new Float32Array(3) };
    await expect(writeVersion(folder, owner, { ...draft, parts: short })).rejects.toThrow(
      'popular-prior has 3 numbers',
    );
  });
});
