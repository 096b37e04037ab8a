// Reads the protocol buffers wire format (protobuf.dev/programming-guides/encoding) as far as ONNX uses it.

/** One field of a message: a number for a varint, bytes for the rest. */
export interface ReadField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** The fields of a message in their order. @throws RangeError when the bytes are no message. */
export function readMessage(bytes: Uint8Array): ReadField[] {
  const fields: ReadField[] = [];
  const cursor = { at: 0 };
  const take = (length: number): Uint8Array => {
    const end = cursor.at + length;
    if (end > bytes.length) throw new RangeError('protobuf: a field ends beyond its message');
    const value = bytes.subarray(cursor.at, end);
    cursor.at = end;
    return value;
  };
  while (cursor.at < bytes.length) {
    const key = readVarint(bytes, cursor);
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case VARINT:
        fields.push({ number, value: readVarint(bytes, cursor) });
        break;
      case FIXED_64:
        fields.push({ number, value: take(8) });
        break;
      case LENGTH_DELIMITED:
        fields.push({ number, value: take(readVarint(bytes, cursor)) });
        break;
      case FIXED_32:
        fields.push({ number, value: take(4) });
        break;
      default:
        throw new RangeError(`protobuf: wire type ${key % 8} is not known`);
    }
  }
  return fields;
}

/** A number of up to 64 bits, two's complement; beyond 53 bits it is rounded. */
function readVarint(bytes: Uint8Array, cursor: { at: number }): number {
  let low = 0;
  let high = 0n;
  for (let digit = 0; digit < 10; digit++) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw new RangeError('protobuf: a number ends beyond its message');
    // Seven digits of seven bits are exact in a double; only negative and huge numbers have more.
    if (digit < 7) low += (byte & 127) * 2 ** (7 * digit);
    else high |= BigInt(byte & 127) << BigInt(7 * digit);
    if (byte < 128) return high === 0n ? low : Number(BigInt.asIntN(64, high | BigInt(low)));
  }
  throw new RangeError('protobuf: a number has more than ten bytes');
}

/** Nested messages of a field, in order. */
export function messagesOf(fields: readonly ReadField[], number: number): ReadField[][] {
  return bytesOf(fields, number).map(readMessage);
}

export function bytesOf(fields: readonly ReadField[], number: number): Uint8Array[] {
  return fields.flatMap((field) => (field.number === number && typeof field.value !== 'number' ? [field.value] : []));
}

export function textsOf(fields: readonly ReadField[], number: number): string[] {
  return bytesOf(fields, number).map((bytes) => new TextDecoder().decode(bytes));
}

/** Whole numbers of a field, packed or one by one. */
export function integersOf(fields: readonly ReadField[], number: number): number[] {
  return fields.flatMap((field) => {
    if (field.number !== number) return [];
    if (typeof field.value === 'number') return [field.value];
    const values: number[] = [];
    for (const cursor = { at: 0 }; cursor.at < field.value.length; ) values.push(readVarint(field.value, cursor));
    return values;
  });
}

/** 32-bit floats of a field, packed or one by one. */
export function floatsOf(fields: readonly ReadField[], number: number): number[] {
  return bytesOf(fields, number).flatMap((bytes) => Array.from(readFloats(bytes)));
}

/** Little-endian 32-bit floats. */
export function readFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
