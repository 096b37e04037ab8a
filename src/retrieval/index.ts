import type { Finder } from './finder.js';
import { collaborative } from './finders/collaborative.js';
import { content } from './finders/content.js';
import { declared } from './finders/declared.js';
import { fresh } from './finders/fresh.js';
import { graph } from './finders/graph.js';
import { neighbours } from './finders/neighbours.js';
import { popular } from './finders/popular.js';
import { sequence } from './finders/sequence.js';
import { spectral } from './finders/spectral.js';
import { tags } from './finders/tags.js';

/** Every finder of `recommendations`; of equal ranks the first one is named as the source. */
export const FINDERS: readonly Finder[] = [
  collaborative,
  spectral,
  neighbours,
  graph,
  sequence,
  content,
  tags,
  declared,
  fresh,
  popular,
];
