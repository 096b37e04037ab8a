import type { IncomingHttpHeaders } from 'node:http';
import { silentTracer, type Tracer } from '../domain/tracer.js';

/** One request as a span. */
export interface RequestSpan {
  readonly traceId: string;
  /** For the answer, so that the caller can name the trace (https://www.w3.org/TR/trace-context/). */
  readonly traceparent: string;
  /** Runs what answers the request under this span, and all it starts. */
  run(work: () => void): void;
  end(route: string, status: number): void;
}

export interface Tracing {
  readonly tracer: Tracer;
  /** Null where nobody collects traces: then requests pay nothing for them. */
  readonly requests: { begin(method: string, headers: IncomingHttpHeaders): RequestSpan } | null;
  /** For each line of the log: the trace and span that are under way. */
  ids(): Readonly<Record<string, string>>;
  /** Sends what is waiting. */
  dispose(): Promise<void>;
}

export const silentTracing: Tracing = {
  tracer: silentTracer,
  requests: null,
  ids: () => ({}),
  async dispose() {},
};

/** The trace that a caller names in its header, if it names one. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | null {
  if (typeof traceparent !== 'string') return null;
  return /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent)?.[1] ?? null;
}
