import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../src/domain/random.js';
import type { VectorIndex } from '../../src/store/ports/vectorIndex.js';
import { createExactIndex } from '../../src/store/vector/exact.js';
import { createFaissIndex, loadFaiss } from '../../src/store/vector/faiss.js';

const faiss = loadFaiss();
const NO_FAISS = 'native FAISS is not built here (`curio doctor` says how)';

type Create = (vectors: Float32Array, dimensions: number) => VectorIndex;
const adapters: { name: string; lack: string | null; create: Create }[] = [
  { name: 'exact', lack: null, create: createExactIndex },
  {
    name: 'faiss',
    lack: faiss === null ? NO_FAISS : null,
    create: (vectors, dimensions) => {
      if (faiss === null) throw new Error(NO_FAISS);
      return createFaissIndex(faiss, vectors, dimensions);
    },
  },
];

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

describe.each(adapters)('vectorIndex: $name', ({ name, lack, create }) => {
  beforeEach(({ skip }) => skip(lack !== null, lack ?? undefined));

  it('says what it is', () => {
    const index = create(floats(12, 1), 4);
    expect(index).toMatchObject({ name, size: 3, dimensions: 4 });
    index.dispose();
  });

  it.each([
    [1, 1, 1],
    [100, 3, 7],
    [1_000, 16, 50],
    [5_000, 64, 100],
    [300, 65, 300],
  ])('finds the best of %i rows of %i: k = %i', (rows, dimensions, k) => {
    const vectors = wholes(rows * dimensions, rows);
    const index = create(vectors, dimensions);
    for (let seed = 0; seed < 5; seed++) {
      const query = wholes(dimensions, 1_000 + seed);
      const expected = bruteForce(vectors, query, k);
      const found = index.search(query, k);
      expect(Array.from(found.indices)).toEqual(expected.map((row) => row.index));
      expect(Array.from(found.scores)).toEqual(expected.map((row) => row.score + 0));
    }
  });

  it('has a recall of 1 on numbers that round', () => {
    const vectors = floats(4_000 * 24, 7);
    const index = create(vectors, 24);
    for (let seed = 0; seed < 10; seed++) {
      const query = floats(24, 100 + seed);
      const found = index.search(query, 50);
      expect([...found.indices].sort()).toEqual(
        bruteForce(vectors, query, 50)
          .map((row) => row.index)
          .sort(),
      );
    }
  });

  it('orders equal scores by index, across the end of the list too', () => {
    const vectors = new Float32Array(500 * 2).fill(1);
    vectors.set([3, 3], 2 * 400);
    const { indices, scores } = create(vectors, 2).search(Float32Array.of(1, 1), 4);
    expect([...indices]).toEqual([400, 0, 1, 2]);
    expect([...scores]).toEqual([6, 2, 2, 2]);
  });

  it('answers every row when k is larger than the index', () => {
    const { indices, scores } = create(Float32Array.of(1, 3, 2), 1).search(Float32Array.of(1), 10);
    expect([...indices]).toEqual([1, 2, 0]);
    expect([...scores]).toEqual([3, 2, 1]);
  });

  it('answers nothing for k = 0, and from an empty index', () => {
    expect(create(floats(8, 1), 4).search(floats(4, 2), 0).indices).toHaveLength(0);
    const empty = create(new Float32Array(0), 4);
    expect(empty.size).toBe(0);
    expect(empty.search(floats(4, 2), 3)).toEqual({ indices: new Int32Array(0), scores: new Float32Array(0) });
  });

  it('passes over masked rows, down to the last that is left', () => {
    const vectors = wholes(2_000 * 16, 5);
    const index = create(vectors, 16);
    const query = wholes(16, 6);
    const masked = Uint8Array.from({ length: 2_000 }, (_, row) => (row % 5 === 2 ? 0 : 1));
    const expected = bruteForce(vectors, query, 2_000).filter(({ index }) => masked[index] === 0);
    for (const k of [10, 400, 900]) {
      const { indices } = index.search(query, k, masked);
      expect(Array.from(indices)).toEqual(expected.slice(0, k).map((row) => row.index));
    }
    expect(index.search(new Float32Array(16), 2, masked).indices).toEqual(Int32Array.of(2, 7));
    expect(index.search(query, 10, masked.fill(1)).indices).toHaveLength(0);
  });

  it('counts vectors of zeros like any other', () => {
    const vectors = Float32Array.of(-1, -1, 0, 0, 1, 1, 0, 0);
    const index = create(vectors, 2);
    expect([...index.search(Float32Array.of(1, 1), 3).indices]).toEqual([2, 1, 3]);
    expect(index.search(Float32Array.of(0, 0), 2)).toEqual({
      indices: Int32Array.of(0, 1),
      scores: Float32Array.of(0, 0),
    });
    expect(index.search(Float32Array.of(-0, 0), 1).scores).toEqual(Float32Array.of(0));
  });

  it('does not change an answer given before', () => {
    const index = create(floats(400, 3), 4);
    const first = index.search(floats(4, 4), 5);
    const copy = { indices: first.indices.slice(), scores: first.scores.slice() };
    index.search(floats(4, 5), 5);
    expect(first).toEqual(copy);
  });

  it('refuses what does not fit, and quotes both numbers', () => {
    const index = create(floats(12, 1), 4);
    expect(() => index.search(floats(3, 1), 1)).toThrow('the query has 3 dimensions, the index has 4');
    expect(() => index.search(Float32Array.of(0, Number.NaN, 0, 0), 1)).toThrow('the query holds NaN at place 1');
    expect(() => index.search(floats(4, 1), -1)).toThrow('k must be a whole number of at least 0, got -1');
    expect(() => index.search(floats(4, 1), 1.5)).toThrow('got 1.5');
    expect(() => create(floats(10, 1), 4)).toThrow('10 numbers are no whole rows of 4');
    expect(() => create(floats(4, 1), 0)).toThrow('dimensions must be a whole number of at least 1, got 0');
    expect(() => create(Float32Array.of(0, 0, 0, Number.POSITIVE_INFINITY), 2)).toThrow(
      'row 1 holds Infinity at place 1',
    );
  });
});

describe('vectorIndex: both adapters', () => {
  beforeEach(({ skip }) => skip(faiss === null, NO_FAISS));

  it('answer the same bits', () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 400 }),
      dimensions: fc.integer({ min: 1, max: 40 }),
      k: fc.integer({ min: 0, max: 450 }),
      seed: fc.integer(),
      copies: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ rows, dimensions, k, seed, copies }) => {
        const vectors = floats(rows * dimensions, seed);
        // Every row many times, so that ties end the list.
        if (copies)
          for (let row = 3; row < rows; row++)
            vectors.copyWithin(row * dimensions, (row % 3) * dimensions, ((row % 3) + 1) * dimensions);
        const query = floats(dimensions, seed + 1);
        const [exact, native] = adapters.map(({ create }) => create(vectors, dimensions).search(query, k));
        expect(native).toEqual(exact);
      }),
      { numRuns: 100 },
    );
  });
});
