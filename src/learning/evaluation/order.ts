import { breathe } from '../breathe.js';

const RUN = 4096;
const STEPS_PER_BREATH = 65_536;

/** Places by rising value, then rising place: a merge sort that lets others run in between. */
export async function risingOrder(values: ArrayLike<number>): Promise<Int32Array> {
  const count = values.length;
  const before = (a: number, b: number) => (values[a] ?? 0) - (values[b] ?? 0) || a - b;
  let order = Int32Array.from({ length: count }, (_, place) => place);
  let merged = new Int32Array(count);
  for (let from = 0; from < count; from += RUN) {
    order.subarray(from, from + RUN).sort(before);
    await breathe();
  }
  let sinceBreath = 0;
  for (let width = RUN; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(from + width, count);
      const end = Math.min(from + 2 * width, count);
      let a = from;
      let b = middle;
      for (let at = from; at < end; at++) {
        const takeFirst = b >= end || (a < middle && before(order[a] ?? 0, order[b] ?? 0) < 0);
        merged[at] = (takeFirst ? order[a++] : order[b++]) ?? 0;
        if (++sinceBreath % STEPS_PER_BREATH === 0) await breathe();
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}
