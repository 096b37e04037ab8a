import { type Estimates, estimatesOf } from './estimates.js';
import { figureColumns, type Metric } from './figures.js';
import type { RightIn, Slice } from './slices.js';
import type { JudgedPerson } from './split.js';

const SLICED: readonly Metric[] = ['recall@20', 'ndcg@10'];

/** How each model does on the part of what is right that lies in one slice. */
export interface SliceTally {
  readonly slice: Slice;
  /** Those with anything right in the slice. */
  readonly people: number;
  add(model: number, person: number, ranked: Int32Array): void;
  finish(seed: number): Promise<Estimates>;
}

export function sliceTally(options: {
  readonly slice: Slice;
  readonly people: readonly JudgedPerson[];
  readonly rightIn: RightIn;
  /** Item index → the index lists use. */
  readonly inLists: Int32Array;
  readonly models: number;
}): SliceTally {
  const { slice, people, rightIn, inLists, models } = options;
  const parts = people.map((person) => rightIn(slice, person));
  const placeOf = new Map<number, number>();
  for (const [person, part] of parts.entries()) if (part.length > 0) placeOf.set(person, placeOf.size);
  const columns = Array.from({ length: models }, () => figureColumns(placeOf.size, SLICED));
  return {
    slice,
    people: placeOf.size,
    add(model, person, ranked) {
      const place = placeOf.get(person);
      if (place === undefined) return;
      columns[model]?.set(place, ranked, new Set(parts[person]?.map((item) => inLists[item] ?? item)));
    },
    finish: (seed) => estimatesOf(columns, seed),
  };
}
