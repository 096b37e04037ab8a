import { describe, expect, it } from 'vitest';
import { loadFaiss } from '../../../src/store/vector/faiss.js';
import { chooseIndex, createVectorIndex, EXACT_ROWS } from '../../../src/store/vector/open.js';

describe('chooseIndex', () => {
  it('reads every row of a catalogue of ordinary size, whether FAISS is there or not', () => {
    expect(chooseIndex(EXACT_ROWS, 'auto', true)).toBe('exact');
    expect(chooseIndex(EXACT_ROWS, 'auto', false)).toBe('exact');
  });

  it('goes to FAISS beyond, when it is there', () => {
    expect(chooseIndex(EXACT_ROWS + 1, 'auto', true)).toBe('ivf');
    expect(chooseIndex(EXACT_ROWS + 1, 'auto', false)).toBe('exact');
  });

  it('does what it is told', () => {
    expect(chooseIndex(EXACT_ROWS + 1, 'exact', true)).toBe('exact');
    expect(chooseIndex(1, 'hnsw', true)).toBe('hnsw');
  });
});

describe('createVectorIndex', () => {
  const asked = {
    vectors: Float32Array.of(1, 0, 0, 1),
    dimensions: 2,
    effort: null,
    onFailure: (error: unknown) => {
      throw error;
    },
  };

  it('says how to get FAISS when it is asked for and missing', () => {
    expect(() => createVectorIndex({ ...asked, prefer: 'ivf', hasFaiss: false })).toThrow('curio doctor');
  });

  it('opens what was chosen', () => {
    const hasFaiss = loadFaiss() !== null;
    expect(createVectorIndex({ ...asked, prefer: 'auto', hasFaiss }).name).toBe('exact');
    if (hasFaiss) expect(createVectorIndex({ ...asked, prefer: 'hnsw', hasFaiss }).name).toBe('hnsw');
  });
});
