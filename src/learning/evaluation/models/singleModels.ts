import type { Snapshot } from '../../../registry/snapshot.js';
import { als } from './als.js';
import { content } from './content.js';
import { filter } from './filter.js';
import { graph } from './graph.js';
import { itemKnn } from './itemKnn.js';
import type { SingleModel } from './model.js';
import { popularity } from './popularity.js';
import { sequence } from './sequence.js';
import { spectral } from './spectral.js';

/** Rows of the table, in its order. Null where a version lacks the part. */
const MODELS: readonly ((snapshot: Snapshot) => SingleModel | null)[] = [
  popularity,
  itemKnn,
  als,
  spectral,
  graph,
  filter,
  sequence,
  content,
];

/** Every model of the version by itself. */
export function singleModels(snapshot: Snapshot): SingleModel[] {
  return MODELS.flatMap((open) => open(snapshot) ?? []);
}
