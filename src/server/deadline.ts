import { CurioError } from '../domain/errors.js';
import { createStop } from '../domain/within.js';

/**
 * Runs work for as long as a request may take. Then the signal aborts, so that what it was handed to stops, and the caller is
 * answered, whether it did or not. Fastify's own (`handlerTimeout`, `request.signal`) ends with the body of a POST on Node 20:
 * it never fires, and its signal is aborted from the start.
 * @throws CurioError TIMEOUT
 */
export type Deadline = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export function createDeadline(ms: number): Deadline {
  return async (work) => {
    const controller = createStop();
    const late = lateBy(ms);
    let timer: NodeJS.Timeout | undefined;
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        controller.abort(late);
        reject(late);
      }, ms);
    });
    try {
      return await Promise.race([work(controller.signal), end]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** A signal that aborts after a while, with the error that a caller is told. */
export function signalFor(ms: number): AbortSignal {
  const controller = createStop();
  setTimeout(() => controller.abort(lateBy(ms)), ms).unref();
  return controller.signal;
}

function lateBy(ms: number): CurioError {
  return new CurioError('TIMEOUT', `The request took longer than ${ms} ms`);
}
