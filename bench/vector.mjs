// `npm run bench:vector`: the exact kernel beside FAISS's inverted lists and graph, the best 100 of clustered vectors of 64 dimensions.
//   --rows N   repeatable (50,000, 300,000 and 1,000,000)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { normal, seededRandom } from '../dist/domain/random.js';
import { loadFaiss } from '../dist/store/vector/faiss.js';
import { createVectorIndex } from '../dist/store/vector/open.js';

const { values } = parseArgs({
  options: { rows: { type: 'string', multiple: true, default: ['50000', '300000', '1000000'] } },
});
const DIMENSIONS = 64;
const BEST = 100;
const QUERIES = 100;
const hasFaiss = loadFaiss() !== null;
if (!hasFaiss) console.log('FAISS is not there (`npx curio doctor` says how to get it): only the kernel is measured.');

for (const rows of values.rows.map(Number)) {
  const random = seededRandom(1);
  // People and items crowd around tastes: a hundred of them here.
  const centres = Float32Array.from({ length: 100 * DIMENSIONS }, () => normal(random));
  const vectors = Float32Array.from({ length: rows * DIMENSIONS }, (_, at) => {
    const centre = Math.floor(at / DIMENSIONS) % 100;
    return (centres[centre * DIMENSIONS + (at % DIMENSIONS)] ?? 0) + 0.7 * normal(random);
  });
  const queries = Array.from({ length: QUERIES }, (_, n) => vectors.slice(n * DIMENSIONS, (n + 1) * DIMENSIONS));
  const truth = [];
  for (const prefer of hasFaiss ? ['exact', 'ivf', 'hnsw'] : ['exact']) {
    const started = performance.now();
    const onFailure = (error) => {
      throw error;
    };
    const index = createVectorIndex({ vectors, dimensions: DIMENSIONS, prefer, effort: null, hasFaiss, onFailure });
    await index.ready;
    const built = performance.now() - started;
    const times = [];
    let hits = 0;
    for (const [n, query] of queries.entries()) {
      const before = performance.now();
      const { indices } = await index.search(query, BEST);
      times.push(performance.now() - before);
      if (prefer === 'exact') truth[n] = new Set(indices);
      for (const row of indices) if (truth[n].has(row)) hits++;
    }
    times.sort((a, b) => a - b);
    index.dispose();
    console.log(
      `${rows.toLocaleString('en').padStart(9)} rows  ${prefer.padEnd(5)}  p50 ${times[QUERIES / 2]?.toFixed(2)} ms  ` +
        `recall@${BEST} ${(hits / (QUERIES * BEST)).toFixed(3)}  built in ${(built / 1000).toFixed(2)} s`,
    );
  }
}
console.log(`${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);
