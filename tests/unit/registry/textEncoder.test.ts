import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalogueIndex } from '../../../src/engine/search/catalogueIndex.js';
import { textItemsEncoder } from '../../../src/engine/search/encoder.js';
import { RegistryError } from '../../../src/registry/errors.js';
import { openTextEncoder } from '../../../src/registry/runtime/textEncoder.js';
import { createWordPieces } from '../../../src/registry/runtime/wordPieces.js';
import { createExactIndex } from '../../../src/store/vector/exact.js';
import { lens } from '../../helpers/lenses.js';
import { bertLike, oneHotTexts } from '../../helpers/onnxText.js';

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'fox', 'vix', '##en', 'car', '.', '東'];
/** Row by piece: woods, roads. */
const EMBEDDINGS = [9, 9, 0, 0, 0, 0, 0, 0, 1, 0, 0.5, 0, 0.5, 0, 0, 1, 0, 0, 0, 0];

let folder: string;
const file = async (name: string, content: string | Uint8Array) => {
  const place = path.join(folder, name);
  await writeFile(place, content);
  return place;
};
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'curio-encoder-'));
  await file('vocab.txt', VOCABULARY.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('word pieces', () => {
  const pieces = createWordPieces(VOCABULARY.join('\n'));

  it('are the longest of the vocabulary, in small letters without accents', () => {
    expect(pieces.encode('Fóx vixen.', 16)).toEqual([2, 4, 5, 6, 8, 3]);
  });

  it('of what is not in it are unknown', () => {
    expect(pieces.encode('foxen owl 東京', 16)).toEqual([2, 4, 6, 1, 9, 1, 3]);
  });

  it('are cut at the end', () => {
    expect(pieces.encode('fox fox fox fox', 4)).toEqual([2, 4, 4, 3]);
  });

  it('need their special pieces', () => {
    expect(() => createWordPieces('fox\n[CLS]')).toThrow('no [SEP]');
  });
});

describe('openTextEncoder', () => {
  it('reads pieces, leaves padding aside and answers rows of length 1', async () => {
    const encoder = await openTextEncoder(await file('bert.onnx', bertLike(VOCABULARY.length, EMBEDDINGS)));
    expect(encoder.dimensions).toBe(2);
    const [fox0, fox1, car0, car1, both0, both1] = await encoder.encode(['fox', 'car', 'a long fox car one']);
    expect([fox0, fox1, car0, car1]).toEqual([1, 0, 0, 1]);
    expect(both0).toBeGreaterThan(0.5);
    expect(both0).toBeCloseTo(both1 ?? 0, 5);
    expect(await encoder.encode([])).toHaveLength(0);
    const [alone] = await encoder.encode(['fox']);
    expect(alone).toBe(fox0);
    await encoder.dispose();
    await expect(encoder.encode(['fox'])).rejects.toThrow('disposed');
  });

  it('hands strings to a model that takes them', async () => {
    const encoder = await openTextEncoder(await file('strings.onnx', oneHotTexts(['fox', 'car'])));
    expect([...(await encoder.encode(['car', 'fox', 'owl']))]).toEqual([0, 1, 1, 0, 0, 0]);
    await encoder.dispose();
  });

  it('refuses what is no such model, and says what is missing', async () => {
    await expect(openTextEncoder(path.join(folder, 'none.onnx'))).rejects.toThrow(RegistryError);
    await expect(openTextEncoder(await file('bad.onnx', 'no model'))).rejects.toThrow('no ONNX model');
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'curio-encoder-'));
    const lonely = path.join(elsewhere, 'bert.onnx');
    await writeFile(lonely, bertLike(VOCABULARY.length, EMBEDDINGS));
    await expect(openTextEncoder(lonely)).rejects.toThrow('vocab.txt');
    await rm(elsewhere, { recursive: true });
  });

  it('serves search in place of the content vectors', async () => {
    const encoder = await openTextEncoder(await file('bert.onnx', bertLike(VOCABULARY.length, EMBEDDINGS)));
    const index = createCatalogueIndex({
      encoder: textItemsEncoder(encoder),
      createIndex: createExactIndex,
      language: 'en',
      popularityOf: () => 0,
      name: 'test',
      onFailure: (error) => {
        throw error;
      },
    });
    await index.put([lens('a', { title: 'Fox' }), lens('b', { title: 'Car' })]);
    const { items, byMeaning } = await index.search({ query: 'vixen', filter: null, exclusions: [] });
    expect(items.map(({ id }) => id)).toEqual(['a']);
    expect(byMeaning).toBe(true);
    index.dispose();
    await encoder.dispose();
  });
});
