import os from 'node:os';
import { createScan } from '../../kernels/scan.js';
import { probeOnnxRuntime } from '../../registry/runtime/version.js';
import { loadFaiss } from '../../store/vector/faiss.js';
import { EXACT_ROWS, type VectorIndexOptions } from '../../store/vector/open.js';
import { describeFailure } from '../failure.js';
import { broken, type DoctorRow, found, lacking } from './row.js';

const OLDEST_NODE = [20, 19] as const;

export function checkNode(version = process.versions.node): DoctorRow {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return found('Node.js', version);
  return broken('Node.js', version, `Curio needs ${OLDEST_NODE.join('.')} or newer.`);
}

export function checkCores(cores = os.availableParallelism()): DoctorRow {
  if (cores > 1) return found('CPU cores', `${cores}; training uses all of them`);
  return found('CPU cores', '1', 'Training and serving share it: answers are slower while a model is trained.');
}

/** Runs the smallest search there is. */
export function checkKernels(): DoctorRow {
  const name = 'WASM SIMD kernels';
  try {
    const { indices } = createScan(Float32Array.of(1, 2), 1).topK(Float32Array.of(1), 1);
    if (indices[0] !== 1) return broken(name, 'they compute wrongly', 'Nothing can be trained or searched.');
    return found(name, 'vector search and training run on them');
  } catch (error) {
    return broken(name, describeFailure(error), 'Nothing can be trained or searched: run npm run setup.');
  }
}

export async function checkOnnxRuntime(): Promise<DoctorRow> {
  const name = 'ONNX Runtime';
  try {
    return found(name, await probeOnnxRuntime());
  } catch (error) {
    return lacking(
      name,
      describeFailure(error),
      'Models that come as ONNX files do not run; the built-in ranking does.',
    );
  }
}

export function checkFaiss(faiss = loadFaiss(), prefer: VectorIndexOptions['prefer'] = 'auto'): DoctorRow {
  const rows = EXACT_ROWS.toLocaleString('en');
  if (faiss !== null) {
    const use =
      prefer === 'auto' ? `searches catalogues of more than ${rows} items` : 'searches, as CURIO_VECTOR_INDEX says';
    return found('FAISS', prefer === 'exact' ? 'native, not used, as CURIO_VECTOR_INDEX says' : `native; ${use}`);
  }
  const build = 'To have it: apt-get install g++ libfaiss-dev libopenblas-dev, then node scripts/faiss.mjs.';
  if (prefer === 'ivf' || prefer === 'hnsw') {
    return broken('FAISS', 'not built', `CURIO_VECTOR_INDEX asks for it. ${build}`);
  }
  return lacking(
    'FAISS',
    'not built; our own exact kernel searches',
    `Nothing up to ${rows} items; beyond, a search takes some milliseconds of a thread. ${build}`,
  );
}
