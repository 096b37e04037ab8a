type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What a part may say about itself. A pino logger fits. */
export interface Log {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}

const nothing: Write = () => {};

/** Says nothing, for tests and tools that speak for themselves. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
