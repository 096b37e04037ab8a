import { keepSimilar } from './similar';

/** Of two things met at one moment either may have come first. */
const EITHER_ORDER: f32 = 0.5;

/**
 * For each context of [from, to), the `width` items that most often came soon after it:
 *
 *     value(c, j) = n / (n + shrinkage) · n / (rowNorm[c] · columnNorm[j])
 *     n = Σ_occurrences w · follow_j · decay[place_j − place] · 1 / (1 + (time_j − time) / fade) · (across where the session is another)
 *
 * over what the same person met at most as many places later as `decay` has entries. What they met at the same moment
 * counts half, as one place later. The encounters come person by person, oldest first. Writes `width` columns and values
 * per context, and how many of them count to `found`.
 */
export function followRows(
  contextOffsets: usize, // i32, contexts + 1
  contextEntries: usize, // i32, per occurrence: the encounter it happened at
  contextWeights: usize, // f32, per occurrence
  contextFirsts: usize, // i32, per occurrence: the first encounter that may have come after it
  entryItems: usize, // i32, per encounter
  entryFollows: usize, // f32, per encounter: what it counts as something that followed; 0 for nothing
  entryPlaces: usize, // i32, per encounter: twice its place in the person's history; the same for one moment
  entryTimes: usize, // f32, per encounter: since the person's first
  entrySessions: usize, // i32, per encounter
  entryEnds: usize, // i32, per encounter: one after the person's last
  rowNorms: usize, // f32, per context
  columnNorms: usize, // f32, per item
  decay: usize, // f32, by twice the distance in places
  decayLength: i32,
  fade: f32, // in the unit of the times
  across: f32,
  shrinkage: f32,
  width: i32,
  columns: usize, // i32, contexts × width
  values: usize, // f32, contexts × width
  found: usize, // i32, per context
  items: i32,
  scratch: usize, // ours alone, all zero at the start: u64, f32, i32 and f32 per item, then the bins of `select`
  from: i32,
  to: i32,
): void {
  const keys = scratch;
  const sums = keys + (<usize>items << 3);
  const touched = sums + (<usize>items << 2);
  const scores = touched + (<usize>items << 2);
  const bins = scores + (<usize>items << 2);
  for (let context = from; context < to; context++) {
    let count = 0;
    const last = load<i32>(contextOffsets + (context << 2), 4);
    for (let at = load<i32>(contextOffsets + (context << 2)); at < last; at++) {
      const entry = load<i32>(contextEntries + (at << 2));
      const weight = load<f32>(contextWeights + (at << 2));
      const place = load<i32>(entryPlaces + (entry << 2));
      const time = load<f32>(entryTimes + (entry << 2));
      const session = load<i32>(entrySessions + (entry << 2));
      const end = load<i32>(entryEnds + (entry << 2));
      for (let other = load<i32>(contextFirsts + (at << 2)); other < end; other++) {
        const gap = load<i32>(entryPlaces + (other << 2)) - place;
        if (gap >= decayLength) break;
        const follow = load<f32>(entryFollows + (other << 2));
        if (follow == 0 || other == entry) continue;
        const later = load<f32>(entryTimes + (other << 2)) - time;
        let add = weight * follow * load<f32>(decay + (max(gap, 2) << 2));
        add /= 1 + later / fade;
        if (load<i32>(entrySessions + (other << 2)) != session) add *= across;
        if (gap == 0) add *= EITHER_ORDER;
        if (add == 0) continue;
        const column = load<i32>(entryItems + (other << 2));
        const sum = load<f32>(sums + (column << 2));
        if (sum == 0) store<i32>(touched + (count++ << 2), column);
        store<f32>(sums + (column << 2), sum + add);
      }
    }
    const row = context * width;
    const kept = keepSimilar(
      sums,
      touched,
      count,
      -1,
      load<f32>(rowNorms + (context << 2)),
      columnNorms,
      shrinkage,
      width,
      scores,
      bins,
      keys,
      columns + (row << 2),
      values + (row << 2),
    );
    store<i32>(found + (context << 2), kept);
  }
}
