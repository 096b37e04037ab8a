import { connect, createServer, type Server, type Socket } from 'node:net';
import { sparePort } from './redisServer.js';

/** A wire between a server of ours and one it needs, to be cut, held and slowed down. */
export interface Wire {
  readonly port: number;
  /** Every connection breaks, and nobody gets a new one. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Connections stay open and nothing passes. */
  hold(): void;
  release(): void;
  /** What passes is late by so many milliseconds, in each direction; in order. */
  delay(ms: number): void;
  /** Every connection is reset so often, in milliseconds, and may be made again; until it is mended. */
  resetEvery(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Cut at first. */
export async function openWire(host: string, port: number): Promise<Wire> {
  const own = await sparePort();
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let held = false;
  let late = 0;
  let resets: NodeJS.Timeout | undefined;

  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    // In order, also where the delay has become shorter since.
    let due = 0;
    socket.on('data', (part) => {
      due = Math.max(due, performance.now() + late);
      const wait = due - performance.now();
      if (wait <= 0) other.write(part);
      else setTimeout(() => other.destroyed || other.write(part), wait);
    });
    socket.on('end', () => setTimeout(() => other.end(), Math.max(0, due - performance.now())));
    if (held) socket.pause();
  };
  const cut = async () => {
    clearInterval(resets);
    const listening = server;
    server = null;
    for (const socket of sockets) socket.destroy();
    if (listening !== null) await new Promise((closed) => listening.close(closed));
  };
  return {
    port: own,
    cut,
    async mend() {
      clearInterval(resets);
      if (server !== null) return;
      const listening = createServer((client) => {
        const upstream = connect(port, host);
        keep(client, upstream);
        keep(upstream, client);
      });
      server = listening;
      await new Promise<void>((ready, failed) => {
        listening.once('error', failed).listen(own, '127.0.0.1', ready);
      });
    },
    hold() {
      held = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      held = false;
      for (const socket of sockets) socket.resume();
    },
    delay(ms) {
      late = ms;
    },
    async resetEvery(ms) {
      resets = setInterval(() => {
        for (const socket of sockets) socket.resetAndDestroy();
      }, ms);
    },
    close: cut,
  };
}
