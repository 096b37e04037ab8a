import { als } from '../evaluation/models/als.js';
import { content } from '../evaluation/models/content.js';
import { graph } from '../evaluation/models/graph.js';
import { itemKnn } from '../evaluation/models/itemKnn.js';
import { popularity } from '../evaluation/models/popularity.js';
import { sequence } from '../evaluation/models/sequence.js';
import { spectral } from '../evaluation/models/spectral.js';
import { ALS_SPACE, trainAls } from '../trainers/als.js';
import { CONTENT_SPACE, trainContent } from '../trainers/content.js';
import { GRAPH_SPACE, trainItemGraph } from '../trainers/graph.js';
import { NEIGHBOUR_SPACE, trainItemNeighbours } from '../trainers/itemNeighbours.js';
import { POPULARITY_SPACE, trainPopularity } from '../trainers/popularity.js';
import { SEQUENCE_SPACE, trainSequence } from '../trainers/sequence.js';
import { SPECTRAL_SPACE, trainSpectral } from '../trainers/spectral.js';
import { type Tunable, tunable } from './tunable.js';

/** Fewer iterations of a cheap trial, but never so few that arms cannot be told apart. */
const fewer = (iterations: number, share: number, least: number) =>
  Math.min(iterations, Math.max(least, Math.ceil(iterations * Math.sqrt(share))));

/** Every source with parameters to search, the cheap ones first: what time they leave is the others'. */
export const TUNABLES: readonly Tunable[] = [
  tunable('popularity', {
    space: POPULARITY_SPACE,
    async open(parameters, { interactions, items }) {
      const { order } = trainPopularity({ interactions, createdAt: items.createdAt, parameters });
      return popularity({ popularOrder: order });
    },
  }),
  tunable('neighbours', {
    space: NEIGHBOUR_SPACE,
    async open(parameters, { interactions, popularOrder, pool }) {
      return itemKnn({ neighbours: await trainItemNeighbours({ interactions, parameters, pool }), popularOrder });
    },
  }),
  tunable('sequence', {
    space: SEQUENCE_SPACE,
    async open(parameters, { encounters, popularOrder, pool }) {
      return sequence({ sequence: await trainSequence({ encounters, parameters, pool }), popularOrder });
    },
  }),
  tunable('graph', {
    space: GRAPH_SPACE,
    async open(parameters, { interactions, social, popularOrder, pool }) {
      return graph({ graph: await trainItemGraph({ interactions, social, parameters, pool }), popularOrder });
    },
  }),
  tunable('content', {
    space: CONTENT_SPACE,
    async open(parameters, { catalogue, popularOrder, seed, pool }) {
      return content({ content: await trainContent({ catalogue, parameters, seed, pool }), popularOrder });
    },
  }),
  tunable('als', {
    space: ALS_SPACE,
    dimensions: ({ dimensions }) => dimensions,
    cheaper: (parameters, share) => ({ ...parameters, iterations: fewer(parameters.iterations, share, 4) }),
    async open(parameters, { interactions, popularOrder, seed, pool }) {
      const { model } = await trainAls({ interactions, parameters, seed, pool });
      return als({ collaborative: model, popularOrder });
    },
  }),
  tunable('spectral', {
    space: SPECTRAL_SPACE,
    // Subspace iteration works on two copies.
    dimensions: ({ dimensions }) => 2 * (dimensions ?? 0),
    cheaper: (parameters, share) => ({ ...parameters, iterations: fewer(parameters.iterations, share, 2) }),
    async open(parameters, { interactions, popularOrder, seed, pool }) {
      const trained = await trainSpectral({ interactions, parameters, seed, pool });
      return spectral({ spectral: trained?.model ?? null, popularOrder });
    },
  }),
];
