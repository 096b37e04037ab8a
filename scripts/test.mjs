// `npm test`: set up, check style, run the tests. Further arguments go to the test runner.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function step(script, args) {
  const file = path.join(root, 'node_modules', script);
  const { status } = spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

try {
  await setup();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const rest = process.argv.slice(2);
if (rest.length === 0) {
  step('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings', '.']);
  step('typescript/bin/tsc', ['--noEmit', '--project', 'tests/tsconfig.json']);
}
step('vitest/vitest.mjs', ['run', ...rest]);
