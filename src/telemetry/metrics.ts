import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Meter } from '../domain/meter.js';

export interface Metrics {
  readonly meter: Meter;
  /** Everything in the text format of Prometheus, with its content type. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** A registry of its own: two apps in one process do not add up. Besides what is asked for it holds Node's own figures. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const known = new Map<string, unknown>();
  /** The same function for the same name: a part that exists twice writes to one metric. */
  const once = <T>(name: string, make: () => T, is: (made: unknown) => made is T): T => {
    const made = known.get(name) ?? make();
    if (!is(made)) throw new Error(`The metric ${name} exists and is of another kind.`);
    known.set(name, made);
    return made;
  };

  const meter: Meter = {
    counter(name, help, labels = []) {
      const counter = once(
        name,
        () => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
        (made) => made instanceof Counter,
      );
      return (series, by = 1) => counter.inc(series, by);
    },
    histogram(name, help, buckets, labels = []) {
      const histogram = once(
        name,
        () => new Histogram({ name, help, buckets: [...buckets], labelNames: [...labels], registers: [registry] }),
        (made) => made instanceof Histogram,
      );
      return (series, value) => histogram.observe(series, value);
    },
    gauge(name, help, read, labels = []) {
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [registry],
        async collect() {
          this.reset();
          for (const [series, value] of await read()) this.set(series, value);
        },
      });
    },
  };

  return {
    meter,
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
