import { hash32, normal, type Random, seededRandom } from '../domain/random.js';
import { gamma, sigmoid } from './pick.js';
import { CATEGORIES } from './words/categories.js';

const STYLE_DIMENSIONS = 6;
/** Below 1: most people care for two or three categories. */
const CATEGORY_SHAPE = 0.35;
/** Years; how far from its usual age a category still appeals. */
const AGE_SPREAD = 18;
const UNKNOWN_CATEGORY = 0.2;

/** What one person secretly likes. Nobody but the generator and the simulator ever reads it. */
export interface Taste {
  /** Category → liking, 1 for the favourite. */
  readonly categories: ReadonlyMap<string, number>;
  /** A standard normal direction in the space of styles. */
  readonly style: Float64Array;
  /** Added to every logit: how easily they are pleased. */
  readonly generosity: number;
  /** Sessions against the average, with a long tail. */
  readonly activity: number;
  /** Hour of the day (UTC) at which they are most likely around. */
  readonly peakHour: number;
}

/** The part of an item that appeals. */
export interface Attraction {
  readonly id: string;
  readonly category: string | null;
  readonly tags: readonly string[];
}

/** The generator of everything about one thing: it depends on the world's seed and the name alone. */
export function randomOf(seed: number, kind: string, id: string): Random {
  return seededRandom(hash32(`${seed}/${kind}/${id}`));
}

export function tasteOf(seed: number, personId: string, age: number): Taste {
  const random = randomOf(seed, 'taste', personId);
  const weights = CATEGORIES.map(({ age: usual, share }) => {
    const fits = Math.exp(-(((age - usual) / AGE_SPREAD) ** 2));
    return gamma(random, CATEGORY_SHAPE * (0.4 + fits) * (share / 9), normal);
  });
  const largest = Math.max(...weights, Number.MIN_VALUE);
  return {
    categories: new Map(CATEGORIES.map(({ name }, index) => [name, (weights[index] ?? 0) / largest])),
    style: normalVector(random),
    generosity: 0.5 * normal(random),
    activity: Math.exp(0.9 * normal(random) - 0.4),
    peakHour: (24 + 19 + 3.5 * normal(random)) % 24,
  };
}

export interface TasteModel {
  /** Probability that the person enjoys the item once they look at it. */
  appeal(taste: Taste, item: Attraction): number;
  /** How good the item is whoever looks, a standard normal number. */
  quality(itemId: string): number;
}

/**
 * Taste is of low rank, so that a factor model can recover it: a liking for the category, and an inner product of the
 * person's style with the item's, which is the mean of its tags' styles and something of its own.
 */
export function createTasteModel(seed: number): TasteModel {
  const tagStyles = new Map<string, Float64Array>();
  const items = new Map<string, { readonly style: Float64Array; readonly quality: number }>();

  const tagStyle = (tag: string) => remembered(tagStyles, tag, () => normalVector(randomOf(seed, 'tag', tag)));
  const itemTraits = (item: Pick<Attraction, 'id' | 'tags'>) =>
    remembered(items, item.id, () => {
      const random = randomOf(seed, 'item', item.id);
      const quality = normal(random);
      const style = normalVector(random).map((own) => 0.5 * own);
      for (const tag of item.tags) {
        const part = tagStyle(tag);
        for (let k = 0; k < style.length; k++)
          style[k] = (style[k] ?? 0) + (part[k] ?? 0) / Math.sqrt(item.tags.length);
      }
      return { style, quality };
    });

  return {
    appeal({ categories, style, generosity }, item) {
      const liking = categories.get(item.category ?? '') ?? UNKNOWN_CATEGORY;
      const traits = itemTraits(item);
      let match = 0;
      for (let k = 0; k < style.length; k++) match += (style[k] ?? 0) * (traits.style[k] ?? 0);
      return sigmoid(
        -2.3 + 3.2 * liking + (0.9 * match) / Math.sqrt(STYLE_DIMENSIONS) + 0.6 * traits.quality + generosity,
      );
    },
    quality: (itemId) => normal(randomOf(seed, 'item', itemId)),
  };
}

function normalVector(random: Random): Float64Array {
  return Float64Array.from({ length: STYLE_DIMENSIONS }, () => normal(random));
}

function remembered<T>(values: Map<string, T>, key: string, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}
