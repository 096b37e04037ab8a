/**
 * Sums gradients, curvatures and counts of the rows [from, to) by slot, feature and bin, into the part of their block.
 * Entry (slot, feature, bin) is three doubles. A row counts when the node it stands in has a slot and its curvature is
 * not 0: a row without curvature says nothing.
 */
export function histogramRows(
  bins: usize, // u8, rows × stride
  stride: i32,
  features: i32,
  binCount: i32,
  gradients: usize, // f32 pairs: gradient, curvature per row
  nodes: usize, // u8 per row
  slots: usize, // i32 per node; below 0: none
  parts: usize, // f64, per block: slots × features × binCount × 3, all zero at the start
  partBytes: i32,
  block: i32,
  from: i32,
  to: i32,
): void {
  const part = parts + <usize>(from / block) * <usize>partBytes;
  const featureBytes = <usize>binCount * 24;
  const slotBytes = <usize>features * featureBytes;
  for (let row = from; row < to; row++) {
    const slot = load<i32>(slots + (<usize>load<u8>(nodes + row) << 2));
    if (slot < 0) continue;
    const pair = gradients + (<usize>row << 3);
    if (load<f32>(pair, 4) == 0) continue;
    const both = f64x2.promote_low_f32x4(v128.load64_zero(pair));
    const own = bins + <usize>row * <usize>stride;
    let table = part + <usize>slot * slotBytes;
    for (let feature = 0; feature < features; feature++) {
      const entry = table + <usize>load<u8>(own + feature) * 24;
      v128.store(entry, f64x2.add(v128.load(entry), both));
      store<f64>(entry, load<f64>(entry, 16) + 1, 16);
      table += featureBytes;
    }
  }
}

/** Moves the rows [from, to) from the nodes that split (feature 0 or more) to a child: 2n + 1 up to the bin, else 2n + 2. */
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
    const feature = load<i32>(splitFeatures + (node << 2));
    if (feature < 0) continue;
    const bin = <i32>load<u8>(bins + <usize>row * <usize>stride + feature);
    store<u8>(nodes + row, (node << 1) + (bin > load<i32>(splitBins + (node << 2)) ? 2 : 1));
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
