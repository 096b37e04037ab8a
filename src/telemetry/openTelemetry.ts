import { context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracing } from './tracing.js';

/** Unless `OTEL_SERVICE_NAME` says another. */
const SERVICE = resourceFromAttributes({ 'service.name': 'curio' });

/**
 * Spans through the SDK of OpenTelemetry, sent in batches. Sampling and the name of the service are those of its own variables
 * (`OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`). What is under way follows calls by AsyncLocalStorage, which is why nothing of this
 * is loaded where nobody collects.
 */
export function openOpenTelemetry(endpoint: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: new URL('v1/traces', `${endpoint.replace(/\/$/, '')}/`).href });
  const resource = defaultResource()
    .merge(SERVICE)
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  provider.register();
  const tracer = provider.getTracer('curio');

  const fail = (span: Span, message: string) => span.setStatus({ code: SpanStatusCode.ERROR, message });

  return {
    tracer: {
      span: (name, attributes, work) =>
        tracer.startActiveSpan(name, { attributes }, async (span) => {
          try {
            return await work();
          } catch (error) {
            fail(span, error instanceof Error ? error.name : 'error');
            throw error;
          } finally {
            span.end();
          }
        }),
      record(name, attributes, at, ms, error) {
        const startTime = performance.timeOrigin + at;
        const span = tracer.startSpan(name, { attributes, startTime });
        if (error !== null) fail(span, error);
        span.end(startTime + ms);
      },
    },
    requests: {
      begin(method, headers) {
        const parent = propagation.extract(ROOT_CONTEXT, headers);
        const attributes = { 'http.request.method': method };
        const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
        const active = trace.setSpan(parent, span);
        const written: Record<string, string> = {};
        propagation.inject(active, written);
        return {
          traceId: span.spanContext().traceId,
          traceparent: written.traceparent ?? '',
          run: (work) => context.with(active, work),
          end(route, status) {
            span.updateName(`${method} ${route}`);
            span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
            if (status >= 500) fail(span, String(status));
            span.end();
          },
        };
      },
    },
    ids() {
      const span = trace.getActiveSpan()?.spanContext();
      return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
    },
    dispose: () => provider.shutdown(),
  };
}
