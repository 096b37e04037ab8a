import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';

/** A Redis of our own, to be hurt. It forgets everything when it is killed. */
export interface RedisServer {
  readonly url: string;
  /** Stops answering, with every connection open. */
  freeze(): void;
  thaw(): void;
  /** As a power cut: nothing is said to anyone. */
  kill(): Promise<void>;
  /** Starts again where it was; resolves once it answers. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** Why no server can be started here; null when it can. */
export function lackOfRedisServer(): string | null {
  return spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed';
}

export async function startRedisServer(): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-redis-'));
  const port = await sparePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder], {
      stdio: 'ignore',
    });
    await answering(url);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    restart: start,
    async dispose() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function sparePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}

async function answering(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  await redis.ping();
  redis.disconnect();
}
