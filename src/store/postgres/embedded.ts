import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Log } from '../../domain/log.js';
import { workerUrl } from '../../domain/workerUrl.js';
import { lockFolder } from './folderLock.js';
import { createPool } from './pool.js';
import { startUpkeep } from './upkeep.js';

const OUTPUT_KEPT = 2_000;
const messageSchema = z.object({ listening: z.string() });

export interface EmbeddedDatabase {
  /** One connection: the embedded server has a single session. */
  readonly pool: Pool;
  dispose(): Promise<void>;
}

/**
 * Opens the embedded PostgreSQL (PGlite) of `dataDir`, creating it the first time. It runs in a thread of its own, so
 * that no query holds up the event loop, and speaks PostgreSQL's protocol over a private socket: what talks to it is
 * the same `pg` as for a real server.
 * @throws Error when another process uses the folder, or it cannot be opened.
 */
export async function openEmbedded(dataDir: string, log: Log): Promise<EmbeddedDatabase> {
  await mkdir(dataDir, { recursive: true });
  const folder = path.join(dataDir, 'database');
  const lock = await lockFolder(folder);
  try {
    const unfinished = `${folder}.unfinished`;
    // A first start that was interrupted leaves half a database, which nothing was stored in yet.
    if (existsSync(unfinished)) await rm(folder, { recursive: true, force: true });
    if (!existsSync(folder)) await writeFile(unfinished, '');
    const server = await startServer(folder, lock.dir, log);
    await rm(unfinished, { force: true });
    // Whatever a lost connection left in the one session would meet the next connection.
    const pool = createPool({ ...server.address, max: 1, idleTimeoutMillis: 0 }, log, 'DISCARD ALL');
    const upkeep = startUpkeep(pool, log);
    return {
      pool,
      async dispose() {
        await upkeep.stop();
        await pool.end();
        await server.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

async function startServer(folder: string, socketDir: string, log: Log) {
  const port = 5432;
  const socket = process.platform === 'win32' ? null : path.join(socketDir, `.s.PGSQL.${port}`);
  const worker = new Worker(workerUrl(import.meta.url, './embeddedWorker.js'), {
    workerData: { folder, socket },
    stdout: true,
    stderr: true,
    execArgv: [],
  });
  let output = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_KEPT);
    });
  }
  let state: 'opening' | 'open' | 'stopping' = 'opening';
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const listening = await new Promise<string>((done, fail) => {
    const refuse = (reason: string) => fail(cannotOpen(folder, `${reason}\n${output}`.trim()));
    worker.once('message', (message: unknown) => done(messageSchema.parse(message).listening));
    worker.on('error', (error) => {
      refuse(error.message);
      if (state === 'open') log.error({ err: error, output }, 'the embedded database broke');
    });
    worker.once('exit', (code) => {
      refuse(`its thread ended with code ${code}`);
      if (state === 'open') log.error({ code, output }, 'the embedded database stopped');
    });
  });
  state = 'open';
  const address: Address = {
    host: socket === null ? '127.0.0.1' : socketDir,
    port: socket === null ? Number(listening.slice(listening.lastIndexOf(':') + 1)) : port,
    user: 'postgres',
    database: 'postgres',
  };
  return {
    address,
    async stop() {
      state = 'stopping';
      worker.postMessage('stop');
      await ended;
    },
  };
}

function cannotOpen(folder: string, reason: string): Error {
  return new Error(
    `The embedded database in ${folder} could not be opened: ${reason}\n` +
      'If the folder is damaged, restore it from a backup or move it away to begin with an empty one; ' +
      'or set DATABASE_URL to use a PostgreSQL server.',
  );
}
