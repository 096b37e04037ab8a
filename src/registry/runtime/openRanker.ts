import { seededRandom } from '../../domain/random.js';
import { createScorer, type Scorer, type ScoringModel } from '../../kernels/scorer.js';
import type { Ranker } from '../snapshot.js';
import { openOnnxRanker } from './onnxRanker.js';
import { readPlainModel } from './plainModel.js';

/** The most that the two runtimes may differ on any row of the probe. */
const TOLERANCE = 1e-5;
const PROBE_ROWS = 512;

/** A ranker that may hold native memory. */
export interface OpenRanker extends Ranker {
  readonly runtime: 'onnxruntime' | 'kernel';
  /** Frees what it holds once the calls under way have ended; later calls are refused. */
  dispose(): Promise<void>;
}

/**
 * Opens a ranker from its ONNX file, see `openOnnxRanker`. Sums of lines and trees run in our own kernel, once it agrees
 * with ONNX Runtime on a probe: it is many times faster, and a list does not wait for another thread. What does not, or is
 * another kind of model, runs in ONNX Runtime.
 * @throws RegistryError when the bytes are no such model.
 */
export async function openRanker(model: Uint8Array, features: readonly string[]): Promise<OpenRanker> {
  const reference = await openOnnxRanker(model, features);
  const plain = readPlainModel(model, features.length);
  const scorer = plain && createScorer(plain);
  if (plain === null || scorer === null || !(await agree(reference, scorer, plain))) {
    return { ...reference, runtime: 'onnxruntime' };
  }
  await reference.dispose();
  let disposed = false;
  return {
    features,
    runtime: 'kernel',
    async score(matrix, rows) {
      if (disposed) throw new Error('the ranker has been disposed of');
      return scorer.score(matrix, rows);
    },
    async dispose() {
      disposed = true;
    },
  };
}

async function agree(reference: Ranker, scorer: Scorer, model: ScoringModel): Promise<boolean> {
  const rows = probe(model);
  const expected = await reference.score(rows, PROBE_ROWS);
  return scorer.score(rows, PROBE_ROWS).every((score, row) => Math.abs(score - (expected[row] ?? 0)) <= TOLERANCE);
}

/** Rows of thresholds, of numbers next to them, and of numbers from −1 to 2: every branch is taken, and taken narrowly. */
function probe({ weights, symmetricTrees, nodeTrees }: ScoringModel): Float32Array {
  const random = seededRandom(1);
  const edges = Array.from(weights, (): number[] => []);
  for (const { features, thresholds } of [...symmetricTrees, ...nodeTrees]) {
    for (const [at, feature] of features.entries()) if (feature >= 0) edges[feature]?.push(thresholds[at] ?? 0);
  }
  return Float32Array.from({ length: PROBE_ROWS * weights.length }, (_, at) => {
    const own = edges[at % weights.length] ?? [];
    const edge = own[Math.floor(random() * own.length)];
    if (edge === undefined || random() < 0.25) return 3 * random() - 1;
    return edge + Math.floor(3 * random() - 1) * 2 ** -20 * Math.max(1, Math.abs(edge));
  });
}
