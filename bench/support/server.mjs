// The real server as a child process, on a free port, in a data folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const curio = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../bin/curio.mjs');

/**
 * Migrates, runs `prepare(call)` where `call('train')` is the command of that name, and serves;
 * `{ url, token, pid, stop() }`, the token a service's. A data folder of one's own is kept.
 */
export async function startServer(env, { dataDir: given, prepare } = {}) {
  const dataDir = given ?? mkdtempSync(path.join(os.tmpdir(), 'curio-bench-'));
  const settings = {
    ...process.env,
    CURIO_DATA_DIR: dataDir,
    CURIO_PORT: '0',
    CURIO_LOG_LEVEL: 'warn',
    CURIO_RATE_SERVICE: '1000000000',
    ...env,
  };
  const call = (...words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [curio, ...words], {
      env: settings,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  };
  call('migrate');
  await prepare?.(call);
  const token = call('token', '--role', 'service');
  // For example `BENCH_NODE_FLAGS=--cpu-prof` to see where the server's time goes.
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ') ?? [];
  const child = spawn(process.execPath, [...flags, curio, 'serve'], {
    env: settings,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /ready at (http:\S+?)\/?\s/.exec(text);
      if (found) resolve(found[1]);
    });
    child.on('exit', (code) => reject(new Error(`The server ended with code ${code}:\n${text}`)));
  });
  return {
    url,
    token,
    pid: child.pid,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (given === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
