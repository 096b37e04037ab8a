/** One arm at one rung: the figure of each judged person, the same people in the same order for every arm of a rung. */
export type Trial<Arm> = (arm: Arm, share: number) => Promise<Float64Array | null>;

export interface Halved<Arm> {
  readonly arm: Arm;
  /** At the whole of the resource. */
  readonly mean: number;
  /** Of the first arm, at the whole of the resource. */
  readonly firstMean: number;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): every arm is tried with a small share of the resource, the better half
 * with a larger one, and so on. The first arm is what is used today: it is never dropped, and what comes out ahead
 * of it takes its place only when it leads by more than one standard error over the people both were judged by. Equal
 * arms keep their order. Null when the trials end first.
 */
export async function successiveHalving<Arm>(options: {
  readonly arms: readonly Arm[];
  /** Rising, the last one 1. */
  readonly shares: readonly number[];
  /** Null when no more trials may be made. */
  readonly trial: Trial<Arm>;
}): Promise<Halved<Arm> | null> {
  const { arms, shares, trial } = options;
  const [first] = arms;
  if (first === undefined) return null;
  let left = [...arms];
  for (const [rung, share] of shares.entries()) {
    const judged: { arm: Arm; figures: Float64Array; mean: number }[] = [];
    for (const arm of left) {
      const figures = await trial(arm, share);
      if (figures === null) return null;
      judged.push({ arm, figures, mean: meanOf(figures) });
    }
    const [own] = judged;
    if (own === undefined) return null;
    const ranked = judged.slice(1).sort((a, b) => b.mean - a.mean);
    if (rung === shares.length - 1) {
      const [best = own] = ranked;
      const chosen = leadsClearly(best.figures, own.figures) ? best : own;
      return { arm: chosen.arm, mean: chosen.mean, firstMean: own.mean };
    }
    left = [first, ...ranked.slice(0, Math.max(1, Math.ceil(left.length / 2) - 1)).map(({ arm }) => arm)];
  }
  return null;
}

/** Whether the mean difference over the same people is more than one standard error above 0; never of one person. */
export function leadsClearly(figures: Float64Array, others: Float64Array): boolean {
  const differences = figures.map((value, person) => value - (others[person] ?? 0));
  const mean = meanOf(differences);
  const squares = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0);
  return mean > Math.sqrt(squares / (differences.length - 1) / differences.length);
}

function meanOf(values: Float64Array): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
