import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Lines for people instead of JSON, where a person is looking: standard output is a terminal and pino-pretty is there. */
  readonly pretty: boolean;
  /** Where lines go. @default standard output */
  readonly stream?: DestinationStream;
  /** Added to each line: the trace that is under way. @default nothing */
  readonly ids?: () => object;
}

/** No wildcards: they cost on every line. */
const SECRETS = ['', 'headers', 'req.headers'].flatMap((place) =>
  ['authorization', 'x-api-key', 'cookie'].map((name) => `${place}["${name}"]`),
);

/** JSON lines with an ISO time and the level by name. What looks like a credential is never written. */
export function createLog({ level, pretty, stream, ids }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    ...(ids !== undefined && { mixin: ids }),
    redact: { paths: SECRETS, remove: true },
  };
  if (stream !== undefined) return pino(options, stream);
  if (pretty && process.stdout.isTTY && canImport('pino-pretty')) {
    return pino(options, pino.transport({ target: 'pino-pretty' }));
  }
  return pino(options);
}

function canImport(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
