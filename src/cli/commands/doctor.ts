import type { Config } from '../../config/config.js';
import { checkCores, checkFaiss, checkKernels, checkNode, checkOnnxRuntime } from '../doctor/native.js';
import type { DoctorRow } from '../doctor/row.js';
import { checkDatabase, checkRedis } from '../doctor/servers.js';
import { checkMedia, checkSecret } from '../doctor/settings.js';

export interface DoctorReport {
  readonly rows: readonly DoctorRow[];
}

/** Looks at everything Curio can use here; changes nothing. */
export async function doctor(config: Config): Promise<DoctorReport> {
  const [onnxRuntime, database, redis] = await Promise.all([
    checkOnnxRuntime(),
    checkDatabase(config),
    checkRedis(config),
  ]);
  return {
    rows: [
      checkNode(),
      checkCores(),
      checkKernels(),
      onnxRuntime,
      checkFaiss(undefined, config.vectorIndex),
      database,
      redis,
      checkSecret(config),
      checkMedia(config),
    ],
  };
}

/** One line a row, and under it what its lack costs. The process ends with code 1 when something required is missing. */
export function printReport({ rows }: DoctorReport): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, found, detail, cost, required } of rows) {
    const mark = found ? '✓' : required ? '✗' : '–';
    console.log(`${mark} ${name.padEnd(width)}  ${detail}`);
    if (cost !== '') console.log(`  ${' '.repeat(width)}  ${cost}`);
  }
  if (rows.some(({ found, required }) => required && !found)) process.exitCode = 1;
}
