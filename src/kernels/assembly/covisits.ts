import { keepSimilar } from './similar';

/**
 * For each item of [from, to), the `width` items most often met by the same people:
 *
 *     sim(i, j) = co / (co + shrinkage) · co / (rowNorm[i] · columnNorm[j]),   co = Σ_people min(w_i, w_j) · decay[|place_i − place_j|]
 *
 * Both directions of the person × item matrix come in compressed rows; `places` says where in a person's history an item
 * stands. Writes `width` columns and values per item, and how many of them count to `found`.
 */
export function covisitRows(
  itemOffsets: usize, // i32, items + 1
  itemPeople: usize, // i32
  itemWeights: usize, // f32
  itemPlaces: usize, // i32
  personOffsets: usize, // i32, people + 1
  personItems: usize, // i32
  personWeights: usize, // f32
  personPlaces: usize, // i32
  rowNorms: usize, // f32, per item
  columnNorms: usize, // f32, per item
  decay: usize, // f32, lastDecay + 1
  lastDecay: i32,
  shrinkage: f32,
  width: i32,
  columns: usize, // i32, items × width
  values: usize, // f32, items × width
  found: usize, // i32, per item
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
  for (let item = from; item < to; item++) {
    let count = 0;
    const end = load<i32>(itemOffsets + (item << 2), 4);
    for (let at = load<i32>(itemOffsets + (item << 2)); at < end; at++) {
      const person = load<i32>(itemPeople + (at << 2));
      const weight = load<f32>(itemWeights + (at << 2));
      const place = load<i32>(itemPlaces + (at << 2));
      const last = load<i32>(personOffsets + (person << 2), 4);
      for (let other = load<i32>(personOffsets + (person << 2)); other < last; other++) {
        const column = load<i32>(personItems + (other << 2));
        const gap = min(abs(place - load<i32>(personPlaces + (other << 2))), lastDecay);
        const add = min(weight, load<f32>(personWeights + (other << 2))) * load<f32>(decay + (gap << 2));
        const sum = load<f32>(sums + (column << 2));
        if (sum == 0) store<i32>(touched + (count++ << 2), column);
        store<f32>(sums + (column << 2), sum + add);
      }
    }
    const row = item * width;
    const kept = keepSimilar(
      sums,
      touched,
      count,
      item,
      load<f32>(rowNorms + (item << 2)),
      columnNorms,
      shrinkage,
      width,
      scores,
      bins,
      keys,
      columns + (row << 2),
      values + (row << 2),
    );
    store<i32>(found + (item << 2), kept);
  }
}
