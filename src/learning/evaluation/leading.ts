/** The rows with the `count` highest scores of [from, to), best first, ties by row. Cheap when `count` is small. */
export function leading(scores: ArrayLike<number>, from: number, to: number, count: number): number[] {
  const best: number[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row++) {
    const score = scores[row] ?? 0;
    if (best.length === count && score <= floor) continue;
    let place = best.length;
    while (place > 0 && (scores[best[place - 1] ?? 0] ?? 0) < score) place--;
    best.splice(place, 0, row);
    if (best.length > count) best.pop();
    floor = scores[best.at(-1) ?? 0] ?? 0;
  }
  return best;
}
