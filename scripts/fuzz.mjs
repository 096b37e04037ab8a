// `npm run fuzz [OPERATIONS] [SEED]`: hostile operations over the whole schema, against a real server; 10,000 unless said otherwise.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setup } from './setup.mjs';

await setup();
const [operations = '10000', seed = '1'] = process.argv.slice(2);
const vitest = path.resolve(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const started = performance.now();
const { status } = spawnSync(process.execPath, [vitest, 'run', 'tests/e2e/fuzz.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, CURIO_FUZZ_OPERATIONS: operations, CURIO_FUZZ_SEED: seed },
});
console.log(
  `${operations} operations with seed ${seed}: ${((performance.now() - started) / 1000).toFixed(1)} s with all set-up.`,
);
process.exitCode = status ?? 1;
