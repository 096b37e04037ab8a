// `npm run bench:vector`: the exact kernel beside FAISS's exact index, the best 100 of random vectors of 64 dimensions.
//   --rows N   repeatable (50,000, 300,000 and 1,000,000)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { seededRandom } from '../dist/domain/random.js';
import { loadFaiss } from '../dist/store/vector/faiss.js';
import { createVectorIndex } from '../dist/store/vector/open.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', multiple: true, default: ['50000', '300000', '1000000'] } },
});
const DIMENSIONS = 64;
const BEST = 100;
const QUERIES = 100;
const faiss = loadFaiss();
if (faiss === null)
  console.log('FAISS is not there (`npx curio doctor` says how to get it): only the kernel is measured.');

for (const rows of values.rows.map(Number)) {
  const random = seededRandom(1);
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, () => random() - 0.5);
  for (const prefer of faiss === null ? ['exact'] : ['exact', 'faiss']) {
    const started = performance.now();
    const index = createVectorIndex({ vectors, dimensions: DIMENSIONS, prefer, faiss });
    const built = performance.now() - started;
    const times = Array.from({ length: QUERIES }, () => {
      const query = Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5);
      const before = performance.now();
      index.search(query, BEST);
      return performance.now() - before;
    }).sort((a, b) => a - b);
    index.dispose();
    const p50 = times[QUERIES / 2]?.toFixed(2);
    console.log(
      `${rows.toLocaleString('en').padStart(9)} rows  ${prefer.padEnd(5)}  p50 ${p50} ms  built in ${(built / 1000).toFixed(2)} s`,
    );
  }
}
console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);
