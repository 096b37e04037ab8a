import { createRequire } from 'node:module';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

export interface LogOptions {
  readonly level: string;
  /** Lines for people instead of JSON, where a person is looking: standard output is a terminal and pino-pretty is there. */
  readonly pretty: boolean;
  /** Where lines go. @default standard output */
  readonly stream?: DestinationStream;
}

const SECRETS = ['authorization', 'x-api-key', 'cookie', 'token', 'secret'];

/** JSON lines with an ISO time and the level by name. What looks like a credential is never written. */
export function createLog({ level, pretty, stream }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]), remove: true },
  };
  if (stream !== undefined) return pino(options, stream);
  if (pretty && process.stdout.isTTY && canImport('pino-pretty')) {
    return pino(options, pino.transport({ target: 'pino-pretty', options: { ignore: 'pid,hostname' } }));
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
