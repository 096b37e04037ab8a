import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMember, encodeMember } from '../../../src/store/redis/member.js';

/** Any UTF-16 code units, lone surrogates and DEL included. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0x7e, 0x7f, 0x80, 0x61, 0x30)), { maxLength: 8 })
  .map((units) => String.fromCharCode(...units));

describe('member', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(anyText, (member) => {
        expect(decodeMember(encodeMember(member))).toBe(member);
      }),
    );
  });

  it('keeps the order of code units in the order of bytes', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const byUnits = a < b ? -1 : a > b ? 1 : 0;
        expect(Buffer.compare(Buffer.from(encodeMember(a)), Buffer.from(encodeMember(b)))).toBe(byUnits);
      }),
    );
  });
});
