// Runs a command of Curio in this process and, when it ends, writes what it took to file descriptor 3.
import { writeSync } from 'node:fs';
import { main } from '../../dist/cli/index.js';

const started = performance.now();
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const seconds = (performance.now() - started) / 1000;
  writeSync(3, JSON.stringify({ seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMiB: maxRSS / 1024 }));
});
await main(process.argv);
