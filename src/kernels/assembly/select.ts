const BINS: i32 = 4096;

/** Larger for a larger score and, among equals, for a smaller index. Scores are finite. */
// @ts-ignore: decorator
@inline
function sortKey(score: f32, index: i32): u64 {
  const bits = reinterpret<u32>(score + 0.0); // turns −0 into 0
  const ordered = bits >> 31 ? ~bits : bits | 0x80000000;
  return (<u64>ordered << 32) | <u64>(<u32>~index);
}

/**
 * The best `k` of `count` scores by falling score, then rising index. Score i stands for `ids[i]`, or for i where `ids`
 * is 0. A histogram finds a threshold, what reaches it is gathered and sorted. `bins` holds 4,096 i32 and `keys`
 * `count` u64, both for our use alone. Writes up to k pairs to `bestIds` and `bestScores`; answers how many.
 */
export function select(
  scores: usize,
  ids: usize,
  count: i32,
  k: i32,
  bins: usize,
  keys: usize,
  bestIds: usize,
  bestScores: usize,
): i32 {
  if (count == 0 || k <= 0) return 0;
  let low = f32.MAX_VALUE;
  let high = -f32.MAX_VALUE;
  for (let i = 0; i < count; i++) {
    const score = load<f32>(scores + (i << 2));
    low = min(low, score);
    high = max(high, score);
  }
  // The map from score to bin never falls as the score rises, so a threshold bin loses nobody.
  const range = high - low;
  const scale: f32 = range > 1e-30 ? <f32>(BINS - 1) / range : 0;
  let floor = 0;
  if (k < count) {
    memory.fill(bins, 0, BINS << 2);
    for (let i = 0; i < count; i++) {
      const bin = bins + (binOf(load<f32>(scores + (i << 2)), low, scale) << 2);
      store<i32>(bin, load<i32>(bin) + 1);
    }
    floor = BINS;
    for (let above = 0; above < k; ) above += load<i32>(bins + (--floor << 2));
  }
  let gathered = 0;
  for (let i = 0; i < count; i++) {
    const score = load<f32>(scores + (i << 2));
    if (binOf(score, low, scale) < floor) continue;
    store<u64>(keys + (gathered++ << 3), sortKey(score, ids ? load<i32>(ids + (i << 2)) : i));
  }
  sortFalling(keys, gathered);
  const kept = min(k, gathered);
  for (let i = 0; i < kept; i++) {
    const key = load<u64>(keys + (i << 3));
    const ordered = <u32>(key >> 32);
    store<i32>(bestIds + (i << 2), ~(<i32>key));
    store<f32>(bestScores + (i << 2), reinterpret<f32>(ordered >> 31 ? ordered & 0x7fffffff : ~ordered));
  }
  return kept;
}

// @ts-ignore: decorator
@inline
function binOf(score: f32, low: f32, scale: f32): i32 {
  return min(<i32>((score - low) * scale), BINS - 1);
}

/** Heapsort of u64 keys, largest first. */
function sortFalling(keys: usize, count: i32): void {
  for (let root = (count >> 1) - 1; root >= 0; root--) sink(keys, root, count);
  for (let end = count - 1; end > 0; end--) {
    const last = load<u64>(keys + (end << 3));
    store<u64>(keys + (end << 3), load<u64>(keys));
    store<u64>(keys, last);
    sink(keys, 0, end);
  }
}

/** Restores the heap with its smallest key at the root. */
function sink(keys: usize, root: i32, count: i32): void {
  const value = load<u64>(keys + (root << 3));
  let child = 2 * root + 1;
  while (child < count) {
    let smallest = load<u64>(keys + (child << 3));
    if (child + 1 < count) {
      const other = load<u64>(keys + (child << 3), 8);
      if (other < smallest) {
        smallest = other;
        child++;
      }
    }
    if (value <= smallest) break;
    store<u64>(keys + (root << 3), smallest);
    root = child;
    child = 2 * root + 1;
  }
  store<u64>(keys + (root << 3), value);
}
