/**
 * Sums gradients and curvatures of the rows [from, to) by slot, feature and bin, into the part of their block. Entry
 * (slot, feature, bin) is two doubles. A row counts when the node it stands in has a slot and its curvature is not 0: a
 * row without curvature says nothing.
 */
export function histogramRows(
  bins: usize, // u8, rows × stride
  stride: i32,
  features: usize, // i32, those that are summed
  featureCount: i32,
  binCount: i32,
  gradients: usize, // f32 pairs: gradient, curvature per row
  nodes: usize, // u8 per row
  slots: usize, // i32 per node; below 0: none
  parts: usize, // f64, per block: slots × featureCount × binCount × 2, all zero at the start
  partBytes: i32,
  block: i32,
  from: i32,
  to: i32,
): void {
  const part = parts + <usize>(from / block) * <usize>partBytes;
  const featureBytes = <usize>binCount << 4;
  const slotBytes = <usize>featureCount * featureBytes;
  const end = features + (<usize>featureCount << 2);
  for (let row = from; row < to; row++) {
    const slot = load<i32>(slots + (<usize>load<u8>(nodes + row) << 2));
    if (slot < 0) continue;
    const pair = gradients + (<usize>row << 3);
    if (load<f32>(pair, 4) == 0) continue;
    const both = f64x2.promote_low_f32x4(v128.load64_zero(pair));
    const own = bins + <usize>row * <usize>stride;
    let table = part + <usize>slot * slotBytes;
    for (let feature = features; feature < end; feature += 4) {
      const entry = table + (<usize>load<u8>(own + load<i32>(feature)) << 4);
      v128.store(entry, f64x2.add(v128.load(entry), both));
      table += featureBytes;
    }
  }
}

/** Moves the rows [from, to) one level down: from node n to 2n up to the bin of their node, else to 2n + 1. */
export function descendRows(
  bins: usize, // u8, rows × stride
  stride: i32,
  nodes: usize, // u8 per row
  splitFeatures: usize, // i32 per node
  splitBins: usize, // i32 per node
  from: i32,
  to: i32,
): void {
  for (let row = from; row < to; row++) {
    const node = <i32>load<u8>(nodes + row);
    const bin = <i32>load<u8>(bins + <usize>row * <usize>stride + load<i32>(splitFeatures + (node << 2)));
    store<u8>(nodes + row, (node << 1) + i32(bin > load<i32>(splitBins + (node << 2))));
  }
}

/** Adds the value of its node to the score of each row of [from, to), and puts the row back at the root. */
export function scoreRows(
  nodes: usize, // u8 per row
  values: usize, // f32 per node
  scores: usize, // f64 per row
  from: i32,
  to: i32,
): void {
  for (let row = from; row < to; row++) {
    const score = scores + (<usize>row << 3);
    store<f64>(score, load<f64>(score) + <f64>load<f32>(values + (<usize>load<u8>(nodes + row) << 2)));
    store<u8>(nodes + row, 0);
  }
}
