import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import proxyAddr from '@fastify/proxy-addr';
import type { FastifyInstance } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { networkOf } from '../../limits/address.js';
import { Closing, closeSocket } from './closing.js';
import { type LiveDeps, MOST_BUFFERED } from './connection.js';
import { createProtocol, type Extra } from './protocol.js';

export interface SocketDeps extends LiveDeps {
  /** Proxies whose word on the caller's address is taken. */
  readonly trustedProxies: readonly string[];
}

const PATH = '/graphql';
/** Bytes of one message of a client. */
const MAX_MESSAGE = 64 * 1024;
/** A socket that has not answered one ping by the next is gone. */
const PING_EVERY_MS = 30_000;

/** Takes WebSockets on `/graphql`, from before the server listens until it closes. Answers how many are open. */
export function acceptSockets(app: FastifyInstance, deps: SocketDeps): () => number {
  const { gate, log, onDropped, trustedProxies } = deps;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    handleProtocols,
  });
  const protocol = createProtocol(deps);
  const silent = new WeakSet<WebSocket>();

  const open = (socket: WebSocket, request: IncomingMessage, address: string) => {
    const extra: Extra = { socket, request, address, visit: null, stopWatching: () => {} };
    socket.on('error', (error) => log.debug({ err: error }, 'a socket failed'));
    socket.on('pong', () => silent.delete(socket));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        // What a reader does not take is not waited for but counted, so that one of them holds nobody up.
        send(text) {
          if (socket.readyState !== socket.OPEN) return;
          if (socket.bufferedAmount <= MOST_BUFFERED) return socket.send(text);
          onDropped('slow');
          const reason = `Too slow: ${socket.bufferedAmount} bytes were waiting to be read`;
          closeSocket(socket, Closing.TRY_LATER, reason);
          // Its subscriptions end now, whenever it hears of it.
          void closed(Closing.TRY_LATER, reason);
        },
        close: (code = Closing.INTERNAL_ERROR, reason = '') => closeSocket(socket, code, reason),
        onMessage(listener) {
          socket.on('message', (data) => {
            listener(String(data)).catch((error: unknown) => {
              log.error({ err: error }, 'a message of a socket could not be handled');
              closeSocket(socket, Closing.INTERNAL_ERROR, 'Internal server error');
            });
          });
        },
      },
      extra,
    );
    socket.once('close', (code, reason) => void closed(code, String(reason)));
  };

  app.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', (error) => log.debug({ err: error }, 'a socket failed before it was one'));
    if (request.url === undefined || request.url.split('?')[0] !== PATH) return refuse(stream, '404 Not Found');
    const address = networkOf(addressOf(request, trustedProxies));
    if (gate.shut(address) !== null) return refuse(stream, '429 Too Many Requests');
    sockets.handleUpgrade(request, stream, head, (socket) => open(socket, request, address));
  });

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }, PING_EVERY_MS).unref();
  app.addHook('preClose', async () => {
    clearInterval(pinging);
    for (const socket of sockets.clients) closeSocket(socket, Closing.RESTARTS, 'The server is stopping: come back');
  });
  return () => sockets.clients.size;
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function addressOf(request: IncomingMessage, trustedProxies: readonly string[]): string {
  return trustedProxies.length === 0 ? (request.socket.remoteAddress ?? '') : proxyAddr(request, [...trustedProxies]);
}
