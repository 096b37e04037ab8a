import type { LinearModel } from '../trainers/logisticRegression.js';
import { node, onnxModel, tensor } from './onnx.js';

/** The model as ONNX, opset 13: `features` (rows × width, float) → MatMul → Add → Sigmoid → `probability` (rows × 1). */
export function toOnnx({ weights, bias }: LinearModel, features: readonly string[]): Uint8Array {
  const body = [
    node('MatMul', ['features', 'weights'], 'products'),
    node('Add', ['products', 'bias'], 'logit'),
    node('Sigmoid', ['logit'], 'probability'),
    tensor('weights', [weights.length, 1], Float32Array.from(weights)),
    tensor('bias', [1], Float32Array.of(bias)),
  ];
  return onnxModel('logistic ranker', features, body, false);
}
