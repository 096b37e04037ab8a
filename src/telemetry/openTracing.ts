import { silentTracing, type Tracing } from './tracing.js';

/** Traces to the collector at `endpoint` (`http://127.0.0.1:4318`), by OTLP over HTTP; none, and no code loaded for them, without. */
export async function openTracing(endpoint: string | null): Promise<Tracing> {
  if (endpoint === null) return silentTracing;
  const { openOpenTelemetry } = await import('./openTelemetry.js');
  return openOpenTelemetry(endpoint);
}
