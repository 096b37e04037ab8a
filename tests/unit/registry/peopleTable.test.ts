import { describe, expect, it } from 'vitest';
import { buildPeopleTable } from '../../../src/registry/peopleTable.js';

describe('buildPeopleTable', () => {
  it('puts traits into columns, spelled one way', () => {
    const table = buildPeopleTable(
      ['ann', 'bo', 'cy', 'di'],
      [
        { age: 30, gender: 'F', location: ' Basel', interests: ['Night', 'retro', 'night '] },
        { age: null, gender: null, location: 'basel', interests: ['night', ''] },
        null,
        { age: 0, gender: 'f', location: ' ', interests: [] },
      ],
    );
    expect(table.size).toBe(4);
    expect(['ann', 'di', 'nobody'].map(table.indexOf)).toEqual([0, 3, -1]);
    expect(table.age).toEqual(Int32Array.of(30, -1, -1, 0));
    expect(table.gender).toEqual({ names: ['f'], codes: Int32Array.of(0, -1, -1, 0) });
    expect(table.location).toEqual({ names: ['basel'], codes: Int32Array.of(0, 0, -1, -1) });
    expect(table.interestNames).toEqual(['night', 'retro']);
    expect(table.interests.offsets).toEqual(Int32Array.of(0, 2, 3, 3, 3));
    expect(table.interests.indices).toEqual(Int32Array.of(0, 1, 0));
  });

  it('refuses ids out of order', () => {
    expect(() => buildPeopleTable(['b', 'a'], [null, null])).toThrow(/"a" comes after "b"/);
    expect(() => buildPeopleTable(['a', 'a'], [null, null])).toThrow(RangeError);
  });
});
