import { type Estimate, estimate, meanOf, resampleMeans } from './bootstrap.js';
import type { FigureColumns, Metric } from './figures.js';

/** The figures of several models, with intervals, each from the same draws. */
export interface Estimates {
  /** One per model, by name of figure. */
  readonly figures: readonly Readonly<Record<string, Estimate>>[];
  /** How far one model is ahead of another, as a share of the other's figure; null where the other's is 0. */
  lead(metric: Metric, model: number, other: number): Estimate | null;
}

/** `models` have the same figures of the same people. */
export async function estimatesOf(models: readonly FigureColumns[], seed: number): Promise<Estimates> {
  const flat = models.flatMap((model, row) => model.columns.map(([metric, values]) => ({ row, metric, values })));
  const resampled = await resampleMeans(
    flat.map(({ values }) => values),
    seed,
  );
  const drawn = flat.map((one, at) => ({
    ...one,
    mean: meanOf(one.values),
    draws: resampled[at] ?? new Float64Array(0),
  }));
  return {
    figures: models.map((_, row) =>
      Object.fromEntries(
        drawn.filter((one) => one.row === row).map(({ metric, mean, draws }) => [metric, estimate(mean, draws)]),
      ),
    ),
    lead(metric, model, other) {
      const own = drawn.find((one) => one.row === model && one.metric === metric);
      const others = drawn.find((one) => one.row === other && one.metric === metric);
      if (own === undefined || others === undefined || others.mean === 0) return null;
      const ratios = own.draws.map((value, at) => value / Math.max(others.draws[at] ?? 0, Number.MIN_VALUE) - 1);
      return estimate(own.mean / others.mean - 1, ratios);
    },
  };
}
