import type { LinearModel } from '../trainers/logisticRegression.js';
import { bytes, concat, type Field, message, text, uint } from './protobuf.js';

// Numbers of fields and types are those of onnx.proto3 (github.com/onnx/onnx).
const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;

/**
 * The model as ONNX, opset 13: `features` (rows × width, float) → MatMul → Add → Sigmoid → `probability` (rows × 1). The
 * names of the features are in the metadata, in the order of the columns.
 */
export function toOnnx({ weights, bias }: LinearModel, features: readonly string[]): Uint8Array {
  const graph = [
    node('MatMul', ['features', 'weights'], 'products'),
    node('Add', ['products', 'bias'], 'logit'),
    node('Sigmoid', ['logit'], 'probability'),
    text(2, 'logistic ranker'),
    tensor('weights', [weights.length, 1], Float32Array.from(weights)),
    tensor('bias', [1], Float32Array.of(bias)),
    message(11, ...matrixInfo('features', weights.length)),
    message(12, ...matrixInfo('probability', 1)),
  ];
  return concat([
    uint(1, IR_VERSION),
    text(2, 'curio'),
    message(7, ...graph),
    message(8, text(1, ''), uint(2, OPSET)),
    message(14, text(1, 'features'), text(2, JSON.stringify(features))),
  ]);
}

function node(operator: string, inputs: readonly string[], output: string): Field {
  return message(1, ...inputs.map((input) => text(1, input)), text(2, output), text(3, operator), text(4, operator));
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Field {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(5, ...shape.map((size) => uint(1, size)), uint(2, FLOAT), text(8, name), bytes(9, raw));
}

/** A float matrix of any number of rows. */
function matrixInfo(name: string, columns: number): Field[] {
  const shape = message(2, message(1, text(2, 'rows')), message(1, uint(1, columns)));
  return [text(1, name), message(2, message(1, uint(1, FLOAT), shape))];
}
