import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { sparePort } from './redisServer.js';

/** A PostgreSQL of our own on a spare port, stopped and removed by `stop`. @throws saying what is missing. */
export async function startPostgresServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const bin = binaries();
  if (bin === null) throw new Error('the binaries of PostgreSQL are not installed');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'curio-postgres-'));
  await chmod(folder, 0o777);
  const data = path.join(folder, 'data');
  // PostgreSQL refuses to run as root; `nobody` is on every Unix.
  const identity = process.getuid?.() === 0 ? idsOf('nobody') : {};
  const made = spawnSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'],
    identity,
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr?.toString().trim()}`);
  const port = await sparePort();
  const words = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(path.join(bin, 'postgres'), words, { ...identity, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await answering(url, ended);
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function binaries(): string | null {
  const roots = ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt'];
  const versions = roots.flatMap((root) => listed(root).map((name) => path.join(root, name, 'bin')));
  const places = [...(process.env.PATH ?? '').split(path.delimiter), ...versions.sort().reverse()];
  return places.find((place) => ['initdb', 'postgres'].every((name) => listed(place).includes(name))) ?? null;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, user]).stdout?.toString());
  return { uid: id('-u'), gid: id('-g') };
}

async function answering(url: string, ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error('the private PostgreSQL ended at once');
}
