// `npm run bench:ranker`: one list of candidates scored by ONNX Runtime (one thread) and by our own kernel, from the same ONNX
// file, in turns, so that both see the same machine.
//   --candidates N   (500)   --features N   (40)   --trees N   (100)   --depth N   (6)   --seconds N   a model (3)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { normal, seededRandom } from '../dist/domain/random.js';
import { toOnnx } from '../dist/learning/export/onnxLogistic.js';
import { treesToOnnx } from '../dist/learning/export/onnxTrees.js';
import { predictTrees } from '../dist/learning/trainers/treeRanker.js';
import { openOnnxRanker } from '../dist/registry/runtime/onnxRanker.js';
import { openRanker } from '../dist/registry/runtime/openRanker.js';
import { foreignTrees } from './support/foreignTrees.mjs';

const number = (value) => ({ type: 'string', default: String(value) });
const { values } = parseArgs({
  options: {
    candidates: number(500),
    features: number(40),
    trees: number(100),
    depth: number(6),
    seconds: number(3),
  },
});
const [candidates, width, count, depth, seconds] = Object.values(values).map(Number);
const random = seededRandom(1);
const names = Array.from({ length: width }, (_, feature) => `f${feature}`);
const matrix = Float32Array.from({ length: candidates * width }, () => random());
const base = { weights: Float64Array.from({ length: width }, () => 0.2 * normal(random)), bias: -2 };
const calibration = { scores: Float32Array.of(-6, -2, 0, 4), probabilities: Float32Array.of(0.001, 0.05, 0.2, 0.6) };
const trees = Array.from({ length: count }, () => ({
  features: Int32Array.from({ length: depth }, () => Math.floor(random() * width)),
  thresholds: Float32Array.from({ length: depth }, () => random()),
  values: Float32Array.from({ length: 2 ** depth }, () => 0.05 * normal(random)),
}));
const ensemble = { base, trees };

const models = [
  ['logistic regression', toOnnx(base, names), null],
  [
    `${count} symmetric trees of depth ${depth}`,
    treesToOnnx(ensemble, calibration, names),
    () => predictTrees({ ensemble, calibration }, matrix),
  ],
  [`${count} other trees of depth ${depth}`, foreignTrees({ names, count, depth, random }), null],
];

console.log(
  `${candidates} candidates × ${width} features, p10, p50 and p99 of one list; ratios of p10, the least disturbed\n`,
);
for (const [title, model, plain] of models) {
  const reference = await openOnnxRanker(model, names);
  const ours = await openRanker(model, names);
  const runs = {
    'ONNX Runtime': () => reference.score(matrix, candidates),
    [`our ${ours.runtime}`]: () => ours.score(matrix, candidates),
    ...(plain === null ? {} : { 'plain TypeScript': async () => plain() }),
  };
  const times = await inTurns(runs);
  const first = at(times['ONNX Runtime'], 0.1);
  console.log(title);
  for (const [name, taken] of Object.entries(times)) {
    const p10 = at(taken, 0.1);
    console.log(
      `  ${name.padEnd(17)} ${micros(p10)}  ${micros(at(taken, 0.5))}  ${micros(at(taken, 0.99))}   ${(first / p10).toFixed(1).padStart(5)} × as fast as ONNX Runtime`,
    );
  }
  await reference.dispose();
  await ours.dispose();
}
console.log(`\n${os.cpus().length} cores (${os.cpus()[0]?.model}), Node ${process.version}`);

/** Milliseconds of each call, rising; the first half second warms up. */
async function inTurns(runs) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  const started = performance.now();
  for (let now = started; now < started + 1000 * seconds; now = performance.now()) {
    for (const [name, run] of Object.entries(runs)) {
      const before = performance.now();
      await run();
      const after = performance.now();
      if (before > started + 500) times[name].push(after - before);
    }
  }
  for (const taken of Object.values(times)) taken.sort((a, b) => a - b);
  return times;
}

function at(sorted, share) {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

function micros(ms) {
  return `${(1000 * ms).toFixed(0).padStart(6)} µs`;
}
