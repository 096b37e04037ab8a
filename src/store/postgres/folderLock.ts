import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const HEARTBEAT_MS = 2_000;
/** A lock file that nobody has touched for this many heartbeats has no living holder. */
const SILENT_BEATS = 5;
/** Time between making the lock file and writing it: an unreadable younger one is about to be written. */
const WRITING_MS = 1_000;
const PREFIX = 'curio-';

const holderSchema = z.object({ pid: z.number(), dir: z.string(), door: z.string() });
type Holder = z.infer<typeof holderSchema>;

export interface FolderLock {
  /** A private temporary folder with a path short enough for Unix sockets; goes with the lock. */
  readonly dir: string;
  release(): Promise<void>;
}

/**
 * Makes this process the only one that uses `folder`, by `<folder>.lock` beside it. Whether a holder still lives is
 * asked at a socket that it keeps open, not by its process id: the kernel closes the socket even after `kill -9`,
 * and a process id may belong to somebody else by now. Where the socket cannot be seen (another container, a private
 * /tmp), the lock file's heartbeat decides.
 * @throws Error naming the folder, the holder's process id and what to do.
 */
export async function lockFolder(folder: string, heartbeatMs = HEARTBEAT_MS): Promise<FolderLock> {
  const file = `${folder}.lock`;
  const dir = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  const door = process.platform === 'win32' ? `\\\\.\\pipe\\${PREFIX}${randomUUID()}` : path.join(dir, 'alive');
  const server = createServer((socket) => socket.destroy());
  server.unref();
  const leave = async () => {
    await new Promise((done) => server.close(done));
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((done, fail) => server.once('error', fail).listen(door, done));
    await claim(file, { pid: process.pid, dir, door }, folder, heartbeatMs);
  } catch (error) {
    await leave();
    throw error;
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  const leaveAtOnce = () => {
    rmSync(file, { force: true });
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', leaveAtOnce);
  return {
    dir,
    async release() {
      process.off('exit', leaveAtOnce);
      clearInterval(heartbeat);
      await rm(file, { force: true });
      await leave();
    },
  };
}

async function claim(file: string, mine: Holder, folder: string, heartbeatMs: number): Promise<void> {
  while (!(await writeNew(file, JSON.stringify(mine)))) {
    const found = await readHolder(file);
    if (found !== null && (await isAlive(found, file, heartbeatMs))) {
      throw new Error(
        `The embedded database in ${folder} is in use by process ${found.pid}. Stop that process, or set ` +
          'DATABASE_URL to a PostgreSQL that several processes can share.',
      );
    }
    if (found !== null || (await ageOf(file)) > WRITING_MS) await bury(file, found, heartbeatMs);
    else await sleep(50);
  }
}

/** Removes a dead holder's lock. Of several who find it, one does; the others find whoever came next. */
async function bury(file: string, dead: Holder | null, heartbeatMs: number): Promise<void> {
  const spade = `${file}.takeover`;
  if (!(await writeNew(spade, ''))) {
    if ((await ageOf(spade)) > SILENT_BEATS * heartbeatMs) await rm(spade, { force: true });
    await sleep(50);
    return;
  }
  try {
    if ((await readHolder(file))?.door !== dead?.door) return;
    await rm(file, { force: true });
    const leftover = dead?.dir ?? '';
    if (path.dirname(leftover) === os.tmpdir() && path.basename(leftover).startsWith(PREFIX)) {
      await rm(leftover, { recursive: true, force: true });
    }
  } finally {
    await rm(spade, { force: true });
  }
}

async function isAlive(holder: Holder, file: string, heartbeatMs: number): Promise<boolean> {
  const answer = await knock(holder.door);
  if (answer !== 'unknown') return answer === 'alive';
  const age = await ageOf(file);
  if (age > SILENT_BEATS * heartbeatMs) return false;
  const patience = 3 * heartbeatMs;
  await sleep(patience);
  return (await ageOf(file)) < age + patience - heartbeatMs / 2;
}

function knock(door: string): Promise<'alive' | 'dead' | 'unknown'> {
  return new Promise((resolve) => {
    const socket = connect(door, () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error) => {
      resolve('code' in error && error.code === 'ECONNREFUSED' ? 'dead' : 'unknown');
    });
  });
}

async function writeNew(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Null when there is none, or none that can be read. */
async function readHolder(file: string): Promise<Holder | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Milliseconds since the file was last touched; infinite when it is gone. */
async function ageOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null);
  return found === null ? Number.POSITIVE_INFINITY : Date.now() - found.mtimeMs;
}
