import type { Snapshot } from '../../registry/snapshot.js';

/** What a shared category adds to the likeness of two items; the rest is their content. */
const CATEGORY_SHARE = 0.4;

/**
 * How alike items are, 0 to 1: by category, and by content, which is their tags or the people who took to them, whichever
 * says more. An item nobody has touched is known by its tags alone, one without tags by its people.
 */
export interface Likeness {
  /** Raises each of `closest` to the likeness of that place's item to the one at `place`. */
  raise(closest: Float32Array, place: number): void;
}

/** `pool`: dense items. Costs a pass over their tags and factors. */
export function likenessWithin({ collaborative, items }: Snapshot, pool: Int32Array): Likeness {
  const { dimensions: d, itemFactors } = collaborative;
  const factors = new Float32Array(pool.length * d);
  for (let place = 0; place < pool.length; place++) {
    const from = (pool[place] ?? 0) * d;
    let square = 0;
    for (let k = 0; k < d; k++) square += (itemFactors[from + k] ?? 0) ** 2;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let k = 0; k < d; k++) factors[place * d + k] = (itemFactors[from + k] ?? 0) * scale;
  }
  const { offsets, codes, values, tags } = tagsWithin(items.tags, pool);
  const own = new Float32Array(tags);
  const category = pool.map((item) => items.category.codes[item] ?? -1);

  return {
    raise(closest, place) {
      for (let at = offsets[place] ?? 0; at < (offsets[place + 1] ?? 0); at++) own[codes[at] ?? 0] = values[at] ?? 0;
      const kind = category[place] ?? -1;
      for (let other = 0; other < pool.length; other++) {
        let people = 0;
        for (let k = 0; k < d; k++) people += (factors[place * d + k] ?? 0) * (factors[other * d + k] ?? 0);
        let shared = 0;
        const end = offsets[other + 1] ?? 0;
        for (let at = offsets[other] ?? 0; at < end; at++) shared += (own[codes[at] ?? 0] ?? 0) * (values[at] ?? 0);
        const alike =
          (kind >= 0 && category[other] === kind ? CATEGORY_SHARE : 0) +
          (1 - CATEGORY_SHARE) * Math.max(0, people, shared);
        if (alike > (closest[other] ?? 0)) closest[other] = alike;
      }
      for (let at = offsets[place] ?? 0; at < (offsets[place + 1] ?? 0); at++) own[codes[at] ?? 0] = 0;
    },
  };
}

/** The tags of a few items with codes of their own, so that one number for each tag there is fits a small array. */
function tagsWithin(rows: Snapshot['items']['tags'], pool: Int32Array) {
  const offsets = new Int32Array(pool.length + 1);
  for (let place = 0; place < pool.length; place++) {
    const item = pool[place] ?? 0;
    offsets[place + 1] = (offsets[place] ?? 0) + (rows.offsets[item + 1] ?? 0) - (rows.offsets[item] ?? 0);
  }
  const codes = new Int32Array(offsets[pool.length] ?? 0);
  const values = new Float32Array(codes.length);
  const codeOf = new Map<number, number>();
  let to = 0;
  for (let place = 0; place < pool.length; place++) {
    const item = pool[place] ?? 0;
    const end = rows.offsets[item + 1] ?? 0;
    for (let at = rows.offsets[item] ?? 0; at < end; at++, to++) {
      const tag = rows.indices[at] ?? 0;
      const code = codeOf.get(tag) ?? codeOf.size;
      codeOf.set(tag, code);
      codes[to] = code;
      values[to] = rows.values[at] ?? 0;
    }
  }
  return { offsets, codes, values, tags: codeOf.size };
}
