import { setMaxListeners } from 'node:events';

/** Not an answer in time. */
export class Late extends Error {
  override readonly name = 'Late';
}

/**
 * The answer, or Late after `ms`. What arrives afterwards is dropped, an error too. An answer that was there when a late event loop
 * got round to its timers is in time: it is the loop that was late.
 */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      // After the turn's input has been read.
      turn = setImmediate(() => reject(new Late(`no answer within ${Math.round(ms)} ms`)));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    clearImmediate(turn);
  }
}

/** A controller whose signal any number of reads may listen to: Node takes more than ten listeners for a leak, and says so. */
export function createStop(): AbortController {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return stop;
}

/**
 * The answer of work that is done for one caller. After `ms`, or when `until` aborts, the signal that it got aborts too, so that
 * what it does stops.
 * @throws Late, or the reason of `until`.
 */
export async function atMost<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  until?: AbortSignal,
): Promise<T> {
  until?.throwIfAborted();
  const stop = createStop();
  const end = () => stop.abort(until?.reason);
  until?.addEventListener('abort', end, { once: true });
  try {
    return await within(ms, work(stop.signal));
  } catch (error) {
    // What it does beside that is for nobody any more either.
    stop.abort(error);
    throw error;
  } finally {
    until?.removeEventListener('abort', end);
  }
}
