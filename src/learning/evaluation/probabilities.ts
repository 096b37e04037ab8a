const SAFE = 1e-7;

/** Mean negative log-likelihood of 0/1 labels. */
export function logLoss(probabilities: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const p = Math.min(Math.max(probabilities[row] ?? 0, SAFE), 1 - SAFE);
    sum -= labels[row] === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return sum / Math.max(1, labels.length);
}

/**
 * Chance that a positive outranks a negative; ties count half. 0.5 when one kind is missing. `order` is that of rising
 * probability, for who has it already.
 */
export function areaUnderCurve(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  order: Int32Array = rising(probabilities),
): number {
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    while (end < order.length && probabilities[order[end] ?? 0] === probabilities[order[start] ?? 0]) {
      if (labels[order[end] ?? 0] === 1) tied++;
      end++;
    }
    positives += tied;
    rankSum += (tied * (start + 1 + end)) / 2;
    start = end;
  }
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * Expected calibration error (Naeini et al. 2015) over `bins` bins of equally many rows: the mean distance between
 * what was promised and what came true.
 */
export function calibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins: number = 10,
  order: Int32Array = rising(probabilities),
): number {
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    let promised = 0;
    let came = 0;
    const end = Math.floor(((bin + 1) * order.length) / bins);
    for (let place = Math.floor((bin * order.length) / bins); place < end; place++) {
      promised += probabilities[order[place] ?? 0] ?? 0;
      came += labels[order[place] ?? 0] ?? 0;
    }
    error += Math.abs(promised - came);
  }
  return error / Math.max(1, order.length);
}

function rising(values: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: values.length }, (_, row) => row).sort(
    (a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b,
  );
}
