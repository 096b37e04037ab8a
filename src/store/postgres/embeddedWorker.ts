import { fsyncSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { z } from 'zod';

/**
 * PGlite writes through to the folder but leaves fsync out twice: its file system has none and its server is started
 * with `-F`. Both are put right, because an acknowledged event must survive the machine, not only the process.
 */
class DurableFolder extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    return {
      emscriptenOpts: {
        ...emscriptenOpts,
        preRun: [
          ...preRun,
          (mod: { FS: { filesystems: { NODEFS: { stream_ops: Record<string, unknown> } } } }) => {
            mod.FS.filesystems.NODEFS.stream_ops.fsync = (stream: { nfd: number }) => {
              fsyncSync(stream.nfd);
              return 0;
            };
          },
        ],
      },
    };
  }
}

const SETTINGS = ['wal_sync_method=fsync', 'min_wal_size=32MB', 'max_wal_size=64MB'];
const START = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

/** Where to listen: a path, or on systems without Unix sockets a port of the loopback interface. */
const settings = z.object({ folder: z.string(), socket: z.string().nullable() }).parse(workerData);
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

const db = await PGlite.create({ fs: new DurableFolder(settings.folder), startParams: START });
const server = new PGLiteSocketServer({
  db,
  maxConnections: 4,
  ...(settings.socket === null ? { host: '127.0.0.1', port: 0 } : { path: settings.socket }),
});

// The server forgets about a query when the database itself breaks, and its caller would wait for ever.
const run = db.execProtocolRawStream.bind(db);
db.execProtocolRawStream = async (...args) => {
  try {
    return await run(...args);
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
    throw error;
  }
};

await server.start();
port.postMessage({ listening: server.getServerConn() });
port.once('message', async () => {
  await server.stop();
  await db.close();
  port.close();
});
