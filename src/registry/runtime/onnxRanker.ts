import { Tensor } from 'onnxruntime-node';
import { RegistryError } from '../errors.js';
import type { Ranker } from '../snapshot.js';
import { INPUT, OUTPUT } from './plainModel.js';
import { openSession } from './session.js';

/** A ranker that holds native memory. */
export interface OnnxRanker extends Ranker {
  /** Frees the session once the calls under way have ended; later calls are refused. */
  dispose(): Promise<void>;
}

/**
 * Opens a model with one input `features` (rows × features, float) and an output `probability` (rows × 1).
 * @throws RegistryError when the bytes are no such model.
 */
export async function openOnnxRanker(model: Uint8Array, features: readonly string[]): Promise<OnnxRanker> {
  const session = await openSession(model, 'the ranker');
  if (!session.inputNames.includes(INPUT) || !session.outputNames.includes(OUTPUT)) {
    await session.release();
    throw new RegistryError(
      `the ranker maps ${session.inputNames.join(', ')} to ${session.outputNames.join(', ')}, not ${INPUT} to ${OUTPUT}`,
    );
  }
  const underWay = new Set<Promise<unknown>>();
  let disposed = false;

  return {
    features,
    async score(matrix, rows) {
      if (disposed) throw new Error('the ranker has been disposed of');
      if (matrix.length !== rows * features.length) {
        throw new RangeError(`score: ${matrix.length} numbers are not ${rows} rows of ${features.length} features`);
      }
      if (rows === 0) return new Float32Array(0);
      const run = session.run({ [INPUT]: new Tensor('float32', matrix, [rows, features.length]) });
      underWay.add(run);
      try {
        const probabilities = (await run)[OUTPUT]?.data;
        if (!(probabilities instanceof Float32Array) || probabilities.length !== rows) {
          throw new RangeError(
            `score: the ranker gave ${probabilities?.length ?? 'no'} probabilities for ${rows} rows`,
          );
        }
        return probabilities;
      } finally {
        underWay.delete(run);
      }
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await Promise.allSettled(underWay);
      await session.release();
    },
  };
}
