// The same algorithms in numpy and scipy, where Python has them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), 'same_algorithms.py');

/** What `same_algorithms.py` measured; null, and why aloud, where there is no python3 with numpy and scipy. */
export function runInNumpy(given) {
  const there = spawnSync('python3', ['-c', 'import numpy, scipy'], { encoding: 'utf8' });
  if (there.status !== 0) {
    const why = there.error?.message ?? there.stderr.trim().split('\n').at(-1);
    console.log(`Without numpy and scipy beside it: ${why}.`);
    return null;
  }
  const { status, stdout, stderr } = spawnSync('python3', [script], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout);
}
