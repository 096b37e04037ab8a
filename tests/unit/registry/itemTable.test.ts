import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/domain/entities.js';
import { buildItemTable } from '../../../src/registry/itemTable.js';
import { lens } from '../../helpers/lenses.js';

const item = (id: string, given: Partial<Item> = {}) => lens(id, { kind: 'film', createdAt: new Date(5), ...given });

describe('buildItemTable', () => {
  it('finds items by id, and -1 for what it does not know', () => {
    const table = buildItemTable([item('B'), item('a'), item('é')], Float32Array.of(1, 2, 3));
    expect(table.size).toBe(3);
    expect(['B', 'a', 'é', 'x', ''].map(table.indexOf)).toEqual([0, 1, 2, -1, -1]);
    expect(Array.from(table.popularity)).toEqual([1, 2, 3]);
    expect(Array.from(table.createdAt)).toEqual([5, 5, 5]);
  });

  it('refuses ids that are out of order or there twice', () => {
    const popularity = new Float32Array(2);
    expect(() => buildItemTable([item('b'), item('a')], popularity)).toThrow('"a" comes after "b"');
    expect(() => buildItemTable([item('a'), item('a')], popularity)).toThrow('"a" comes after "a"');
  });

  it('names kinds, categories and authors in order, -1 where there is none', () => {
    const table = buildItemTable(
      [item('1', { category: 'z', authorId: 'w' }), item('2', { kind: 'book' }), item('3', { category: 'y' })],
      new Float32Array(3),
    );
    expect(table.kind.names).toEqual(['book', 'film']);
    expect(Array.from(table.kind.codes)).toEqual([1, 0, 1]);
    expect(table.category.names).toEqual(['y', 'z']);
    expect(Array.from(table.category.codes)).toEqual([1, -1, 0]);
    expect(Array.from(table.author.codes)).toEqual([0, -1, -1]);
  });

  it('reads tags whatever their case, weighs rare ones more, and gives rows length 1', () => {
    const table = buildItemTable(
      [
        item('1', { tags: [' Horror', 'horror', 'Space ', ''] }),
        item('2', { tags: ['horror'] }),
        item('3', { tags: ['HORROR', 'space'] }),
        item('4', { tags: ['once'] }),
      ],
      new Float32Array(4),
    );
    expect(table.tagNames).toEqual(['horror', 'once', 'space']);
    const row = (at: number) => {
      const { offsets, indices, values } = table.tags;
      return Array.from(
        indices.subarray(offsets[at], offsets[at + 1]),
        (tag, k) => [table.tagNames[tag], values[(offsets[at] ?? 0) + k] ?? 0] as const,
      );
    };
    const length = Math.hypot(Math.log(1 + 4 / 3), Math.log(1 + 4 / 2));
    expect(row(0).map(([name]) => name)).toEqual(['horror', 'space']);
    expect(row(0)[0]?.[1]).toBeCloseTo(Math.log(1 + 4 / 3) / length, 6);
    expect(row(0)[1]?.[1]).toBeCloseTo(Math.log(1 + 4 / 2) / length, 6);
    expect(row(1)).toEqual([['horror', 1]]);
    // Alone in the catalogue it says nothing of any other item.
    expect(row(3)).toEqual([['once', 0]]);
  });

  it('is empty for an empty catalogue', () => {
    const table = buildItemTable([], new Float32Array(0));
    expect(table.size).toBe(0);
    expect(Array.from(table.tags.offsets)).toEqual([0]);
  });
});
