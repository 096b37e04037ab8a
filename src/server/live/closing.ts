import type { WebSocket } from 'ws';

/** Why a socket is closed from here: codes of graphql-ws where it has one, else of RFC 6455 and its registry. */
export const Closing = {
  RESTARTS: 1012,
  TRY_LATER: 1013,
  UNAUTHORIZED: 4401,
  FORBIDDEN: 4403,
  INTERNAL_ERROR: 4500,
} as const;

/** The protocol leaves so many bytes for a reason. */
const REASON_BYTES = 123;
/** How long the other side may take to read what waits and agree; less where the process stops. */
const PATIENCE_MS = 10_000;
const STOPPING_MS = 1_000;

/** Says why, and ends the connection whether or not the other side listens. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, Buffer.from(reason).subarray(0, REASON_BYTES));
  const timer = setTimeout(() => socket.terminate(), code === Closing.RESTARTS ? STOPPING_MS : PATIENCE_MS);
  socket.once('close', () => clearTimeout(timer));
}
