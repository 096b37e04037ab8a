import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/domain/random.js';
import type { VectorIndex } from '../../src/store/ports/vectorIndex.js';
import { buildIndexFile, createApproximateIndex } from '../../src/store/vector/approximate.js';
import { createExactIndex, openExactIndex } from '../../src/store/vector/exact.js';
import { loadFaiss } from '../../src/store/vector/faiss.js';

const lack = loadFaiss() === null ? 'native FAISS is not built here (`curio doctor` says how)' : null;
const opened: VectorIndex[] = [];
const folders: string[] = [];

type Create = (vectors: Float32Array, dimensions: number) => Promise<VectorIndex>;
const openApproximate = async (kind: 'ivf' | 'hnsw', vectors: Float32Array, dimensions: number, file?: string) => {
  const onFailure = (error: unknown) => {
    throw error;
  };
  const index = createApproximateIndex({ vectors, dimensions, kind, effort: null, file, onFailure });
  opened.push(index);
  await index.ready;
  return index;
};
const approximate =
  (kind: 'ivf' | 'hnsw'): Create =>
  (...matrix) =>
    openApproximate(kind, ...matrix);
/** In a file of its own; null where there are too few rows for an index. */
async function save(bytes: Uint8Array | null): Promise<string | undefined> {
  if (bytes === null) return undefined;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-index-'));
  folders.push(folder);
  await writeFile(path.join(folder, 'index.faiss'), bytes);
  return path.join(folder, 'index.faiss');
}
const fromFile =
  (kind: 'ivf' | 'hnsw'): Create =>
  async (vectors, dimensions) =>
    openApproximate(
      kind,
      vectors,
      dimensions,
      await save(await buildIndexFile({ vectors, dimensions, kind, effort: null })),
    );
const adapters: { title: string; name: string; lack: string | null; create: Create }[] = [
  { title: 'exact', name: 'exact', lack: null, create: async (...matrix) => createExactIndex(...matrix) },
  {
    title: 'exact, on a thread',
    name: 'exact',
    lack: null,
    async create(vectors, dimensions) {
      const index = openExactIndex({ vectors, dimensions, asideBytes: 0 });
      opened.push(index);
      return index;
    },
  },
  { title: 'ivf', name: 'ivf', lack, create: approximate('ivf') },
  { title: 'hnsw', name: 'hnsw', lack, create: approximate('hnsw') },
  { title: 'ivf, from a file', name: 'ivf', lack, create: fromFile('ivf') },
  { title: 'hnsw, from a file', name: 'hnsw', lack, create: fromFile('hnsw') },
];

afterEach(async () => {
  for (const index of opened.splice(0)) index.dispose();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** In doubles, by sorting everything: slow and plain. */
function bruteForce(vectors: Float32Array, query: Float32Array, k: number): { index: number; score: number }[] {
  return Array.from({ length: vectors.length / query.length }, (_, index) => ({
    index,
    score: query.reduce((sum, value, i) => sum + value * (vectors[index * query.length + i] ?? 0), 0),
  }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, k);
}

const floats = (length: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => normal(random));
};
/** Small whole numbers: every sum is exact in floats, so there are true ties. */
const wholes = (length: number, seed: number) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => Math.floor(random() * 5) - 2);
};

describe.each(adapters)('vectorIndex: $title', ({ name, lack, create }) => {
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));

  it('says what it is', async () => {
    const index = await create(floats(12, 1), 4);
    expect(index).toMatchObject({ name, size: 3, dimensions: 4 });
    index.dispose();
  });

  it.each([
    [1, 1, 1],
    [100, 3, 7],
    [1_000, 16, 50],
    [5_000, 64, 100],
    [300, 65, 300],
  ])('finds the best of %i rows of %i: k = %i', async (rows, dimensions, k) => {
    const vectors = wholes(rows * dimensions, rows);
    const index = await create(vectors, dimensions);
    for (let seed = 0; seed < 5; seed++) {
      const query = wholes(dimensions, 1_000 + seed);
      const expected = bruteForce(vectors, query, k);
      const found = await index.search(query, k);
      expect(Array.from(found.indices)).toEqual(expected.map((row) => row.index));
      expect(Array.from(found.scores)).toEqual(expected.map((row) => row.score + 0));
    }
  });

  it('has a recall of 1 on numbers that round', async () => {
    const vectors = floats(4_000 * 24, 7);
    const index = await create(vectors, 24);
    for (let seed = 0; seed < 10; seed++) {
      const query = floats(24, 100 + seed);
      const found = await index.search(query, 50);
      expect([...found.indices].sort()).toEqual(
        bruteForce(vectors, query, 50)
          .map((row) => row.index)
          .sort(),
      );
    }
  });

  it('orders equal scores by index, across the end of the list too', async () => {
    const vectors = new Float32Array(500 * 2).fill(1);
    vectors.set([3, 3], 2 * 400);
    const { indices, scores } = await (await create(vectors, 2)).search(Float32Array.of(1, 1), 4);
    expect([...indices]).toEqual([400, 0, 1, 2]);
    expect([...scores]).toEqual([6, 2, 2, 2]);
  });

  it('answers every row when k is larger than the index', async () => {
    const { indices, scores } = await (await create(Float32Array.of(1, 3, 2), 1)).search(Float32Array.of(1), 10);
    expect([...indices]).toEqual([1, 2, 0]);
    expect([...scores]).toEqual([3, 2, 1]);
  });

  it('answers nothing for k = 0, and from an empty index', async () => {
    expect((await (await create(floats(8, 1), 4)).search(floats(4, 2), 0)).indices).toHaveLength(0);
    const empty = await create(new Float32Array(0), 4);
    expect(empty.size).toBe(0);
    expect(await empty.search(floats(4, 2), 3)).toEqual({ indices: new Int32Array(0), scores: new Float32Array(0) });
  });

  it('passes over masked rows, down to the last that is left', async () => {
    const vectors = wholes(2_000 * 16, 5);
    const index = await create(vectors, 16);
    const query = wholes(16, 6);
    const masked = Uint8Array.from({ length: 2_000 }, (_, row) => (row % 5 === 2 ? 0 : 1));
    const expected = bruteForce(vectors, query, 2_000).filter(({ index }) => masked[index] === 0);
    for (const k of [10, 400, 900]) {
      const { indices } = await index.search(query, k, masked);
      expect(Array.from(indices)).toEqual(expected.slice(0, k).map((row) => row.index));
    }
    expect((await index.search(new Float32Array(16), 2, masked)).indices).toEqual(Int32Array.of(2, 7));
    expect((await index.search(query, 10, masked.fill(1))).indices).toHaveLength(0);
  });

  it('counts vectors of zeros like any other', async () => {
    const vectors = Float32Array.of(-1, -1, 0, 0, 1, 1, 0, 0);
    const index = await create(vectors, 2);
    expect([...(await index.search(Float32Array.of(1, 1), 3)).indices]).toEqual([2, 1, 3]);
    expect(await index.search(Float32Array.of(0, 0), 2)).toEqual({
      indices: Int32Array.of(0, 1),
      scores: Float32Array.of(0, 0),
    });
    expect((await index.search(Float32Array.of(-0, 0), 1)).scores).toEqual(Float32Array.of(0));
  });

  it('finds nearly all of the best of a large clustered matrix, masked or not, and rows added later', async () => {
    const [rows, d, k] = [12_000, 24, 50];
    const centres = floats(40 * d, 8);
    const vectors = floats(rows * d, 9).map(
      (value, at) => 0.4 * value + (centres[(Math.floor(at / d) % 40) * d + (at % d)] ?? 0),
    );
    const index = await create(vectors.subarray(0, 11_000 * d), d);
    index.append(vectors.subarray(11_000 * d));
    expect(index.size).toBe(rows);
    const masked = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0));
    let found = 0;
    let later = 0;
    for (let n = 0; n < 20; n++) {
      const query = vectors.slice(n * 37 * d, (n * 37 + 1) * d);
      const all = bruteForce(vectors, query, rows);
      for (const mask of [undefined, masked]) {
        const wanted = new Set(
          all
            .filter(({ index }) => !mask?.[index])
            .slice(0, k)
            .map(({ index }) => index),
        );
        const { indices } = await index.search(query, k, mask);
        expect(indices).toHaveLength(k);
        for (const row of indices) {
          if (mask?.[row]) throw new Error(`row ${row} is masked`);
          if (wanted.has(row)) found++;
          if (row >= 11_000) later++;
        }
      }
    }
    expect(found / (20 * 2 * k)).toBeGreaterThan(0.95);
    expect(later).toBeGreaterThan(0);
  });

  it('does not change an answer given before', async () => {
    const index = await create(floats(400, 3), 4);
    const first = await index.search(floats(4, 4), 5);
    const copy = { indices: first.indices.slice(), scores: first.scores.slice() };
    await index.search(floats(4, 5), 5);
    expect(first).toEqual(copy);
  });

  it('refuses what does not fit, and quotes both numbers', async () => {
    const index = await create(floats(12, 1), 4);
    await expect(async () => index.search(floats(3, 1), 1)).rejects.toThrow(
      'the query has 3 dimensions, the index has 4',
    );
    await expect(async () => index.search(Float32Array.of(0, Number.NaN, 0, 0), 1)).rejects.toThrow(
      'the query holds NaN at place 1',
    );
    await expect(async () => index.search(floats(4, 1), -1)).rejects.toThrow(
      'k must be a whole number of at least 0, got -1',
    );
    await expect(async () => index.search(floats(4, 1), 1.5)).rejects.toThrow('got 1.5');
    await expect(create(floats(10, 1), 4)).rejects.toThrow('10 numbers are no whole rows of 4');
    await expect(create(floats(4, 1), 0)).rejects.toThrow('dimensions must be a whole number of at least 1, got 0');
    await expect(create(Float32Array.of(0, 0, 0, Number.POSITIVE_INFINITY), 2)).rejects.toThrow(
      'row 1 holds Infinity at place 1',
    );
  });
});

describe.skipIf(lack !== null)(`an index from a file${lack === null ? '' : `: ${lack}`}`, () => {
  const [rows, dimensions] = [12_000, 8];
  const vectors = floats(rows * dimensions, 21);
  const query = floats(dimensions, 22);

  it('is the one that was built', async () => {
    const built = await openApproximate('ivf', vectors, dimensions);
    const file = await save(await buildIndexFile({ vectors, dimensions, kind: 'ivf', effort: null }));
    const other = await openApproximate('ivf', vectors, dimensions, file);
    expect(await other.search(query, 40)).toEqual(await built.search(query, 40));
  });

  it.each([
    ['is gone', async () => '/nowhere/index.faiss'],
    ['is of another kind', async () => save(await buildIndexFile({ vectors, dimensions, kind: 'hnsw', effort: null }))],
    [
      'has other rows',
      async () => {
        const fewer = vectors.subarray(0, 11_000 * dimensions);
        return save(await buildIndexFile({ vectors: fewer, dimensions, kind: 'ivf', effort: null }));
      },
    ],
    ['is no index', async () => save(new TextEncoder().encode('IwFl and no more'))],
  ])('is built anew where the file %s', async (_, file) => {
    const index = await openApproximate('ivf', vectors, dimensions, await file());
    const built = await openApproximate('ivf', vectors, dimensions);
    expect(await index.search(query, 10)).toEqual(await built.search(query, 10));
  });
});
