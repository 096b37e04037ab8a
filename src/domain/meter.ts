/** One series of a metric: a value for each of its labels. Values come from a short list, or the series never end. */
export type Labels<L extends string> = Readonly<Record<L, string>>;

/** A value for each series, as of now. */
export type Readings<L extends string> = Iterable<readonly [labels: Labels<L>, value: number]>;

/**
 * The part of a metrics library that the project uses, so that no room depends on it. Names are those of Prometheus:
 * `curio_…`, units spelled out, `_total` for what only grows. Asking twice for one name gives the same metric.
 */
export interface Meter {
  counter<const L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
  ): (labels: Labels<L>, by?: number) => void;
  /** `buckets` are upper bounds, rising. */
  histogram<const L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): (labels: Labels<L>, value: number) => void;
  /** Read at each scrape. */
  gauge<const L extends string = never>(
    name: string,
    help: string,
    read: () => Readings<L> | Promise<Readings<L>>,
    labels?: readonly L[],
  ): void;
}

/** Seconds, from half a millisecond to ten seconds: how long something took. */
export const DURATION_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10,
];

/** For tests and commands that nobody scrapes. */
export const silentMeter: Meter = {
  counter: () => () => {},
  histogram: () => () => {},
  gauge() {},
};

/** Keeps a label that callers choose from making series without end: the first `most` values stand, later ones are `other`. */
export function boundedLabel(most: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return 'other';
    known.add(value);
    return value;
  };
}
