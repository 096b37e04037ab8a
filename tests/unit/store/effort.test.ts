import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../../src/domain/random.js';
import { withEffort } from '../../../src/store/vector/effort.js';
import { loadFaiss } from '../../../src/store/vector/faiss.js';

const [ROWS, DIMENSIONS, BEST] = [4_000, 16, 20];
const INNER_PRODUCT = 0;
const faiss = loadFaiss();

describe.skipIf(faiss === null)('the effort of a FAISS index (native FAISS is built)', () => {
  const random = seededRandom(3);
  const vectors = Array.from({ length: ROWS * DIMENSIONS }, () => normal(random));
  const queries = Array.from({ length: 30 }, () => Array.from({ length: DIMENSIONS }, () => normal(random)));
  const truth = queries.map((query) => {
    const product = (row: number) =>
      query.reduce((sum, value, k) => sum + value * (vectors[row * DIMENSIONS + k] ?? 0), 0);
    const scores = Array.from({ length: ROWS }, (_, row) => product(row));
    return new Set([...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, BEST));
  });

  it.each([
    ['ivf', 'IVF64,Flat', 1, 64],
    ['hnsw', 'HNSW16,Flat', BEST, 800],
  ] as const)('is what a search of %s looks at', (kind, factory, little, much) => {
    if (faiss === null) throw new Error('skipped without FAISS');
    const built = faiss.Index.fromFactory(DIMENSIONS, factory, INNER_PRODUCT);
    if (!built.isTrained()) built.train(vectors);
    built.add(vectors);
    const recall = (effort: number) => {
      const index = faiss.Index.fromBuffer(withEffort(built.toBuffer(), kind, effort));
      const hits = queries.flatMap((query, n) => index.search(query, BEST).labels.filter((row) => truth[n]?.has(row)));
      return hits.length / (queries.length * BEST);
    };
    expect(recall(much)).toBeGreaterThan(0.98);
    expect(recall(little)).toBeLessThan(recall(much) - 0.1);
    expect(() => withEffort(built.toBuffer(), kind === 'ivf' ? 'hnsw' : 'ivf', 1)).toThrow('was expected, not');
  });
});
