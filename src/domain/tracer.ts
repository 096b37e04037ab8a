export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Says where the time of a request goes, to whoever collects traces. */
export interface Tracer {
  /** Runs work as a span under the one that is under way. */
  span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** A span that is over, under the one that is under way: when it began, by `performance.now()`, and how long it took. */
  record(name: string, attributes: Attributes, at: number, ms: number, error: string | null): void;
}

/** Where nobody collects them: work runs as if nothing were here. */
export const silentTracer: Tracer = { span: (_name, _attributes, work) => work(), record() {} };
