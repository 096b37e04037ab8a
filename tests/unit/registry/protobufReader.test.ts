import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, concat, message, text, uint } from '../../../src/learning/export/protobuf.js';
import { readPlainModel } from '../../../src/registry/runtime/plainModel.js';
import {
  floatsOf,
  integersOf,
  messagesOf,
  readMessage,
  textsOf,
} from '../../../src/registry/runtime/protobufReader.js';

describe('readMessage', () => {
  it('reads what the writer writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 2 ** 45 })),
        fc.string(),
        fc.array(fc.float({ noNaN: true })),
        (ints, word, floats) => {
          const raw = new Uint8Array(Float32Array.from(floats).buffer);
          const fields = readMessage(
            concat([...ints.map((value) => uint(3, value)), text(200, word), message(7, bytes(2, raw))]),
          );
          expect(integersOf(fields, 3)).toEqual(ints);
          expect(textsOf(fields, 200)).toEqual([word]);
          expect(messagesOf(fields, 7).map((inner) => floatsOf(inner, 2))).toEqual([floats.map(Math.fround)]);
        },
      ),
    );
  });

  it('reads negative numbers and packed ones', () => {
    const minusOne = [...Array(9).fill(255), 1];
    expect(integersOf(readMessage(Uint8Array.from([8, ...minusOne])), 1)).toEqual([-1]);
    expect(integersOf(readMessage(Uint8Array.from([10, 3, 5, 0x96, 1])), 1)).toEqual([5, 150]);
  });

  it('refuses what ends early or is unknown, by a RangeError and nothing else', () => {
    for (const broken of [[8], [10, 5, 1], [13, 1], [11], [8, ...Array(11).fill(255)]]) {
      expect(() => readMessage(Uint8Array.from(broken))).toThrow(RangeError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        expect(readPlainModel(noise, 3)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});
