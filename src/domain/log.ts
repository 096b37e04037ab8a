/** Writes one line: an object of fields and a message, or a message alone. */
export interface LogLine {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** The part of pino that the project uses, so that no room depends on it. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
}

/** For tests and commands that have nothing to say. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
