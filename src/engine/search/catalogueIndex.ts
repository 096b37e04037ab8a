import type { BusinessRule } from '../../domain/businessRule.js';
import { type Found, NOTHING_FOUND } from '../../domain/candidates.js';
import type { Item } from '../../domain/entities.js';
import type { ItemFilter } from '../../domain/itemFilter.js';
import { hash32 } from '../../domain/random.js';
import { keepBest } from '../../retrieval/best.js';
import { type Admits, admissionOf } from './admission.js';
import { createColumns } from './columns.js';
import type { Encoder } from './encoder.js';
import { type Facets, facetsOf } from './facets.js';
import { type Fused, fuse } from './fuse.js';
import { createLexicon } from './lexicon.js';
import { readQuery, searchWords } from './readQuery.js';
import { createStem, foldWord, type Language, languageOfTag } from './stems.js';
import { createSuggester } from './suggester.js';
import { type CreateVectorIndex, createVectorRows } from './vectorRows.js';
import { createWordIndex } from './wordIndex.js';

/** What is asked of an index. */
export interface Wanted {
  readonly query: string;
  readonly filter: ItemFilter | null;
  /** Exclusions of the business that hold here. */
  readonly exclusions: readonly BusinessRule[];
}

export interface FoundItems {
  /** Best first; scores above 0, at most 1. */
  readonly items: readonly { readonly id: string; readonly score: number }[];
  /** How many were found; `items` are the best of them. */
  readonly total: number;
  readonly facets: Facets;
  readonly didYouMean: string | null;
  /** Whether vectors had a part in it. */
  readonly byMeaning: boolean;
}

/** The items of one tenant, to be found by their words and by what they mean. */
export interface CatalogueIndex {
  readonly size: number;
  /** Rows that were removed and still take room. */
  readonly dead: number;
  /** Null where items have no vectors. */
  readonly encoder: Encoder | null;
  /** Names what is in it: another one after each change. */
  readonly revision: string;
  /** Puts items in, or in place of what they were; hidden ones are taken out. Ids are marked as met. */
  put(items: readonly Item[]): Promise<void>;
  remove(id: string): void;
  /** Begins to note which ids are met. */
  expect(): void;
  /** Removes whatever was not met since `expect`. */
  removeUnmet(): void;
  search(wanted: Wanted): Promise<FoundItems>;
  /** The words that a query finds, for highlights. */
  wordsFor(query: string): ReadonlySet<string>;
  suggest(prefix: string, first: number, exclusions: readonly BusinessRule[]): readonly string[];
  dispose(): void;
}

/** Items of a listing, and how far each way to find looks. */
export const LISTED = 1_000;
const BY_MEANING = 100;
/** What the ranks of the two ways count. `npm run bench:search` compares. */
const WORDS_WEIGHT = 1;
const MEANING_WEIGHT = 0.5;
/** An item that is called what was asked for comes before those that only speak of it. */
const TITLE_WEIGHT = 1;
/** The best by words say what is meant, too (Rocchio 1971): so many of them, counting so much beside the query. */
const FEEDBACK = 5;
const FEEDBACK_SHARE = 2;
/** Vectors less alike than that have nothing to do with each other. */
const LEAST_ALIKE = 0.3;
/** What a word counts by where it stands. */
const WEIGHTS = { title: 1, tags: 1, category: 1, description: 1 };

export function createCatalogueIndex(parts: {
  readonly encoder: Encoder | null;
  readonly createIndex: CreateVectorIndex;
  /** Of items that do not say theirs. */
  readonly language: Language;
  readonly popularityOf: (id: string) => number;
  /** Names this index among all there are. */
  readonly name: string;
  /** Told when items or a query cannot be encoded. */
  readonly onFailure: (error: unknown) => void;
}): CatalogueIndex {
  const { encoder, popularityOf, name } = parts;
  const stem = createStem();
  const lexicon = createLexicon(stem);
  const words = createWordIndex(lexicon);
  const columns = createColumns();
  const vectors = encoder === null ? null : createVectorRows(encoder.dimensions, parts.createIndex);
  const rowOf = new Map<string, number>();
  /** Rows by the words of their titles, those that were removed among them. */
  const titled = new Map<string, number[]>();
  const signatures: number[] = [];
  /** By row: the last `expect` it was met after. */
  const met: number[] = [];
  let round = 0;
  let changes = 0;
  let masked = new Uint8Array(0);
  const suggester = createSuggester(columns, (row) => rowOf.get(columns.ids[row] ?? '') === row);

  const remove = (id: string) => {
    const row = rowOf.get(id);
    if (row === undefined) return;
    rowOf.delete(id);
    words.remove(row);
    masked[row] = 1;
    changes++;
  };
  const add = (item: Item) => {
    const row = columns.ids.length;
    const { title, description, category, tags } = item;
    words.add(
      [
        { words: searchWords(title), weight: WEIGHTS.title },
        { words: searchWords(tags.join('\n')), weight: WEIGHTS.tags },
        { words: searchWords(category ?? ''), weight: WEIGHTS.category },
        { words: searchWords(description ?? ''), weight: WEIGHTS.description },
      ],
      languageOf(item, parts.language),
    );
    columns.add(item, popularityOf(item.id));
    const name = plainWords(title);
    const namesakes = titled.get(name);
    if (namesakes === undefined) titled.set(name, [row]);
    else namesakes.push(row);
    suggester.add(row);
    signatures.push(signatureOf(item));
    met.push(round);
    if (masked.length <= row) {
      const more = new Uint8Array(Math.ceil((row + 1) * 1.5));
      more.set(masked);
      masked = more;
    }
    rowOf.set(item.id, row);
    changes++;
  };

  /** Null without an encoder, and where it fails: then words do. */
  const encode = async (by: (encoder: Encoder) => Float32Array | Promise<Float32Array>, rows: number) => {
    if (encoder === null) return null;
    try {
      const vectors = await by(encoder);
      if (vectors.length === rows * encoder.dimensions) return vectors;
      throw new RangeError(`${vectors.length} numbers are no ${rows} vectors of ${encoder.dimensions}`);
    } catch (error) {
      parts.onFailure(error);
      return null;
    }
  };

  /** Rows near to what the query, and the best by words, are about. */
  const byMeaning = async (about: Float32Array | null, best: Int32Array, admits: Admits | null): Promise<Found> => {
    if (vectors === null || about === null) return NOTHING_FOUND;
    const mean = new Float32Array(about.length);
    for (const [rank, row] of best.subarray(0, FEEDBACK).entries()) addTo(mean, vectors.of(row), 1 / (rank + 1));
    const wanted = about.slice();
    addTo(wanted, scaleToOne(mean), FEEDBACK_SHARE);
    if (wanted.every((value) => value === 0)) return NOTHING_FOUND;
    const mask = admits === null ? masked : maskOf(masked, columns.ids.length, admits);
    const near = await vectors.nearest(scaleToOne(wanted), BY_MEANING, mask);
    const alike = near.scores.findIndex((score) => score < LEAST_ALIKE);
    return alike < 0 ? near : { items: near.items.subarray(0, alike), scores: near.scores.subarray(0, alike) };
  };

  return {
    get size() {
      return words.size;
    },
    get dead() {
      return columns.ids.length - words.size;
    },
    encoder,
    get revision() {
      return `${name}.${changes}`;
    },
    async put(items) {
      const changed = items.filter((item) => {
        const row = rowOf.get(item.id);
        if (row !== undefined) met[row] = round;
        if (item.hiddenAt !== null) remove(item.id);
        return item.hiddenAt === null && (row === undefined || signatures[row] !== signatureOf(item));
      });
      if (changed.length === 0) return;
      const encoded = await encode((one) => one.items(changed), changed.length);
      for (const item of changed) {
        remove(item.id);
        add(item);
      }
      if (encoder !== null) vectors?.add(encoded ?? new Float32Array(changed.length * encoder.dimensions));
    },
    remove,
    expect() {
      round++;
    },
    removeUnmet() {
      for (const [id, row] of rowOf) if (met[row] !== round) remove(id);
    },
    async search({ query, filter, exclusions }) {
      const about = await encode((one) => one.text(query), 1);
      const admits = admissionOf(columns, filter, exclusions);
      const { asked, didYouMean } = readQuery(query, lexicon, words);
      const matches = words.search(asked);
      // What the word index answers is its own again once this gives way.
      const rows = admits === null ? matches.rows.slice() : matches.rows.filter(admits);
      const best = keepBest(LISTED);
      for (let at = 0; at < rows.length; at++) best.offer(rows[at] ?? 0, matches.scores[rows[at] ?? 0] ?? 0);
      const lexical = best.take();
      const called = (titled.get(plainWords(didYouMean ?? query)) ?? []).filter(
        (row) => masked[row] === 0 && (admits === null || admits(row)) && (matches.scores[row] ?? 0) > 0,
      );
      const semantic = await byMeaning(about, lexical.items, admits);
      const all = union(rows, semantic.items, columns.ids.length);
      const listed: Fused[] = fuse(
        [
          { rows: lexical.items, scores: lexical.scores, weight: WORDS_WEIGHT },
          { rows: semantic.items, scores: semantic.scores, weight: MEANING_WEIGHT },
          { rows: called, scores: new Float32Array(called.length), weight: TITLE_WEIGHT },
        ],
        (a, b) => (columns.popularity[b] ?? 0) - (columns.popularity[a] ?? 0),
      );
      return {
        items: listed.slice(0, LISTED).map(({ row, score }) => ({ id: columns.ids[row] ?? '', score })),
        total: all.length,
        facets: facetsOf(columns, all),
        didYouMean,
        byMeaning: about !== null,
      };
    },
    wordsFor: (query) => readQuery(query, lexicon, words).found,
    suggest: (prefix, first, exclusions) => suggester.suggest(prefix, first, admissionOf(columns, null, exclusions)),
    dispose: () => vectors?.dispose(),
  };
}

/** `attributes.language` where it names one there is a stemmer for. */
function languageOf({ attributes }: Item, otherwise: Language): Language {
  const said = attributes?.language;
  return (typeof said === 'string' ? languageOfTag(said) : null) ?? otherwise;
}

/** Equal for texts of the same words. */
function plainWords(text: string): string {
  return searchWords(text).map(foldWord).join(' ');
}

/** Equal for items that are found alike. */
function signatureOf({ kind, title, description, category, tags, authorId, attributes, createdAt }: Item): number {
  return hash32(JSON.stringify([kind, title, description, category, tags, authorId, attributes, createdAt]));
}

function maskOf(masked: Uint8Array, size: number, admits: Admits): Uint8Array {
  const mask = masked.slice(0, size);
  for (let row = 0; row < size; row++) if (mask[row] === 0 && !admits(row)) mask[row] = 1;
  return mask;
}

/** Of rows below `size`, each once. */
function union(many: Int32Array, some: Int32Array, size: number): Int32Array {
  const isThere = new Uint8Array(size);
  for (let at = 0; at < many.length; at++) isThere[many[at] ?? 0] = 1;
  const others = some.filter((row) => isThere[row] === 0);
  const all = new Int32Array(many.length + others.length);
  all.set(many);
  all.set(others, many.length);
  return all;
}

function addTo(sum: Float32Array, vector: Float32Array, weight: number): void {
  for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] ?? 0) + weight * (vector[k] ?? 0);
}

function scaleToOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let k = 0; k < vector.length; k++) vector[k] = (vector[k] ?? 0) / length;
  return vector;
}
