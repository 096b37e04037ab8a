import { describe, expect, it } from 'vitest';
import { loadFaiss } from '../../../src/store/vector/faiss.js';
import { chooseIndex, createVectorIndex, EXACT_BYTES } from '../../../src/store/vector/open.js';

describe('chooseIndex', () => {
  it('scans exactly while the matrix fits the kernel, whether FAISS is there or not', () => {
    expect(chooseIndex(EXACT_BYTES, 'auto', true)).toBe('exact');
    expect(chooseIndex(EXACT_BYTES, 'auto', false)).toBe('exact');
  });

  it('goes to FAISS beyond, when it is there', () => {
    expect(chooseIndex(EXACT_BYTES + 1, 'auto', true)).toBe('faiss');
    expect(chooseIndex(EXACT_BYTES + 1, 'auto', false)).toBe('exact');
  });

  it('does what it is told', () => {
    expect(chooseIndex(EXACT_BYTES + 1, 'exact', true)).toBe('exact');
    expect(chooseIndex(1, 'faiss', true)).toBe('faiss');
  });
});

describe('createVectorIndex', () => {
  const vectors = Float32Array.of(1, 0, 0, 1);

  it('says how to get FAISS when it is asked for and missing', () => {
    expect(() => createVectorIndex({ vectors, dimensions: 2, prefer: 'faiss', faiss: null })).toThrow('curio doctor');
  });

  it('opens what was chosen', () => {
    const faiss = loadFaiss();
    expect(createVectorIndex({ vectors, dimensions: 2, prefer: 'auto', faiss }).name).toBe('exact');
    if (faiss !== null)
      expect(createVectorIndex({ vectors, dimensions: 2, prefer: 'faiss', faiss }).name).toBe('faiss');
  });
});
