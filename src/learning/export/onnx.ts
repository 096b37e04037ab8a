import { bytes, concat, type Field, message, text, uint } from './protobuf.js';

// Numbers of fields and types are those of onnx.proto3 (github.com/onnx/onnx).
const IR_VERSION = 8;
const FLOAT = 1;
const FLOATS_ATTRIBUTE = 6;
const INTS_ATTRIBUTE = 7;
const STRINGS_ATTRIBUTE = 8;
const INT_ATTRIBUTE = 2;
const STRING_ATTRIBUTE = 3;

/** Version of the standard operators (domain ai.onnx). */
export const OPSET = 13;
/** Version of the operators of classical machine learning (domain ai.onnx.ml). */
export const ML_OPSET = 3;
export const ML_DOMAIN = 'ai.onnx.ml';

/**
 * A model with one input `features` (rows × features, float) and one output `probability` (rows × 1). `body` is nodes and
 * tensors. The names of the features are in the metadata, in the order of the columns.
 */
export function onnxModel(name: string, features: readonly string[], body: readonly Field[], ml: boolean): Uint8Array {
  const graph = [
    ...body,
    text(2, name),
    message(11, ...matrixInfo('features', features.length)),
    message(12, ...matrixInfo('probability', 1)),
  ];
  return concat([
    uint(1, IR_VERSION),
    text(2, 'curio'),
    message(7, ...graph),
    message(8, text(1, ''), uint(2, OPSET)),
    ...(ml ? [message(8, text(1, ML_DOMAIN), uint(2, ML_OPSET))] : []),
    message(14, text(1, 'features'), text(2, JSON.stringify(features))),
  ]);
}

/** A node of domain ai.onnx, or of `domain`. */
export function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Field[] = [],
  domain?: string,
): Field {
  return message(
    1,
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, output),
    text(4, operator),
    ...attributes,
    ...(domain === undefined ? [] : [text(7, domain)]),
  );
}

export function tensor(name: string, shape: readonly number[], values: Float32Array): Field {
  return message(5, ...shape.map((size) => uint(1, size)), uint(2, FLOAT), text(8, name), bytes(9, rawFloats(values)));
}

export function intAttribute(name: string, value: number): Field {
  return message(5, text(1, name), uint(3, value), uint(20, INT_ATTRIBUTE));
}

export function textAttribute(name: string, value: string): Field {
  return message(5, text(1, name), text(4, value), uint(20, STRING_ATTRIBUTE));
}

export function floatsAttribute(name: string, values: Float32Array): Field {
  return message(5, text(1, name), bytes(7, rawFloats(values)), uint(20, FLOATS_ATTRIBUTE));
}

/** Whole numbers, 0 or more. */
export function intsAttribute(name: string, values: readonly number[]): Field {
  return message(5, text(1, name), ...values.map((value) => uint(8, value)), uint(20, INTS_ATTRIBUTE));
}

export function textsAttribute(name: string, values: readonly string[]): Field {
  return message(5, text(1, name), ...values.map((value) => text(9, value)), uint(20, STRINGS_ATTRIBUTE));
}

function rawFloats(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A float matrix of any number of rows. */
function matrixInfo(name: string, columns: number): Field[] {
  const shape = message(2, message(1, text(2, 'rows')), message(1, uint(1, columns)));
  return [text(1, name), message(2, message(1, uint(1, FLOAT), shape))];
}
