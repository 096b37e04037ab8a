import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { sparePort } from './redisServer.js';

/** A PostgreSQL of our own, to be used by all tests or to be hurt by one. */
export interface PostgresServer {
  readonly url: string;
  /** As a crash: every connection breaks at once. */
  kill(): Promise<void>;
  /** Starts again where it was; resolves once it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why no server can be started here; null when it can. */
export function lackOfPostgresServer(): string | null {
  if (binaries() === null) return 'the binaries of PostgreSQL are not installed';
  return unprivileged() === null ? 'PostgreSQL refuses to run as root, and there is no user postgres or nobody' : null;
}

/** A server on a spare port, its files in `place`, removed by `stop`. @throws saying what is missing. */
export async function startPostgresServer(place = os.tmpdir()): Promise<PostgresServer> {
  const bin = binaries();
  const identity = unprivileged();
  if (bin === null || identity === null) throw new Error(lackOfPostgresServer() ?? '');
  const folder = await mkdtemp(path.join(place, 'curio-postgres-'));
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const remove = () => rm(folder, { recursive: true, force: true });
  const data = path.join(folder, 'data');
  const options = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  const made = spawnSync(path.join(bin, 'initdb'), options, { ...identity, cwd: folder, encoding: 'utf8' });
  if (made.status !== 0) {
    await remove();
    throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
  }
  const port = await sparePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const words = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'];
  let child: ChildProcess | undefined;

  const start = async () => {
    const started = spawn(path.join(bin, 'postgres'), words, { ...identity, cwd: folder, stdio: 'ignore' });
    child = started;
    await answering(url, () => started.exitCode !== null || started.signalCode !== null);
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child?.once('exit', resolve));
    child.kill(signal);
    await ended;
  };
  // The tests may be stopped in a hurry; their server must not outlive them.
  const hurry = () => void child?.kill('SIGQUIT');
  process.once('exit', hurry);
  const stop = async () => {
    process.off('exit', hurry);
    await end('SIGINT');
    await remove();
  };
  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { url, kill: () => end('SIGQUIT'), restart: start, stop };
}

function binaries(): string | null {
  const roots = ['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt'];
  const versions = roots.flatMap((root) => listed(root).map((name) => path.join(root, name, 'bin')));
  const places = [...(process.env.PATH ?? '').split(path.delimiter), ...versions.sort().reverse()];
  return places.find((place) => ['initdb', 'postgres'].every((name) => existsSync(path.join(place, name)))) ?? null;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** PostgreSQL refuses to run as root. Nothing for whoever is not root; null for a root with nobody else to be. */
function unprivileged(): { readonly uid: number; readonly gid: number } | { readonly uid?: never } | null {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  return null;
}

async function answering(url: string, over: () => boolean): Promise<void> {
  while (!over()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => {});
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
