import { InferenceSession } from 'onnxruntime-node';
import { RegistryError } from '../errors.js';

/**
 * Opens an ONNX model for calls of milliseconds. One thread and sequential execution: more threads double the processor time of
 * so small a model.
 * @throws RegistryError that begins with `what` when the bytes are no model.
 */
export function openSession(model: Uint8Array, what: string): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Warnings of the runtime go to standard error unasked.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new RegistryError(`${what} is no ONNX model that can be opened`, { cause });
  });
}
