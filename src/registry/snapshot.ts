import type { Manifest } from './manifest.js';

/** A compressed sparse matrix: row r holds `indices` and `values` from `offsets[r]` to `offsets[r + 1]`. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** A column of small whole numbers with a name for each; -1 where there is none. */
export interface NamedColumn {
  readonly names: readonly string[];
  readonly codes: Int32Array;
}

/** What stands behind the rows of a version that serves, see `engine/live/items/shelf.ts`. */
export interface TableShelf {
  /** The table of the version itself: the first rows. */
  readonly base: ItemTable;
  /** Rows of it that say something else by now. */
  readonly changed: ReadonlySet<number>;
  /** Rows that are no items to be shown: hidden, or replaced by a row further down. */
  readonly gone: ReadonlySet<number>;
}

/** The same of the factors of a model. */
export interface FactorShelf {
  readonly base: { readonly dimensions: number; readonly itemFactors: Float32Array; readonly indexFile?: string };
  /** Item → the row that has its factors now, where that is not its own. */
  readonly moved: ReadonlyMap<number, number>;
  /** The same for all editions of a shelf: each adds rows to those of the one before. */
  readonly series: object;
}

/** The catalogue in dense form: row i of each column is one item. Rows are in the order of the ids (by code unit). */
export interface ItemTable {
  readonly size: number;
  readonly ids: readonly string[];
  /** Dense index of an id, or -1. */
  indexOf(id: string): number;
  readonly kind: NamedColumn;
  readonly category: NamedColumn;
  readonly author: NamedColumn;
  readonly tagNames: readonly string[];
  /** Code of a tag of this (normalised) name, or -1. */
  codeOfTag(name: string): number;
  /** Item × tag; values are the inverse document frequency of the tag, rows scaled to length 1. */
  readonly tags: SparseRows;
  /** Epoch milliseconds. */
  readonly createdAt: Float64Array;
  /** Positive actions in the log. */
  readonly popularity: Float32Array;
  /** Absent where every row is one of the version. Rows behind those are in the order in which they came. */
  readonly shelf?: TableShelf;
}

/** What fold-in needs of implicit ALS (Hu, Koren, Volinsky 2008; Rendle et al. 2021). */
export interface CollaborativeModel {
  readonly dimensions: number;
  /** Items × dimensions, row after row. */
  readonly itemFactors: Float32Array;
  /** Where FAISS finds an index over the rows; absent where every row is read. */
  readonly indexFile?: string;
  /** Itemsᵀ × items, dimensions × dimensions. */
  readonly gram: Float64Array;
  /** Weight of an unobserved pair (α₀). */
  readonly unobservedWeight: number;
  /** λ. */
  readonly regularization: number;
  /** ν: how regularisation grows with the number of observations. */
  readonly frequencyExponent: number;
  readonly shelf?: FactorShelf;
}

/** A linear filter over the interactions (Shen et al. 2021, GF-CF), cut off after its largest singular values. */
export interface SpectralModel {
  readonly dimensions: number;
  /** Items × dimensions, row after row: right singular vectors, scaled so that an inner product with them is a score. */
  readonly itemFactors: Float32Array;
  /** Per item: what its factors are multiplied by where it is something a person did, not something to be scored. */
  readonly inputScale: Float32Array;
  readonly shelf?: FactorShelf;
}

/** What follows what: items that people took to soon after others. */
export interface SequenceModel {
  /** Item × item, falling value within a row, 0 to 1. */
  readonly followers: SparseRows;
  /** Pairs of items that many met close to each other, two numbers each, the lower first; rising by the first, then the second. */
  readonly pairs: Int32Array;
  /** Pair × item, like `followers`. */
  readonly pairFollowers: SparseRows;
}

/** What people take to more, or less, in one kind of moment than otherwise. One row a segment. */
export interface SegmentModel {
  /** Per row: a kind of circumstance (`hour`, `device`, …) and one value of it. Each pair stands once. */
  readonly kinds: readonly string[];
  readonly values: readonly string[];
  /** The row of a pair, or -1. */
  rowOf(kind: string, value: string): number;
  /** Segment × category, codes rising: natural logarithm of how many times as often. What is absent is as ever: 0. */
  readonly categories: SparseRows;
  /** Segment × item, items rising: the same, beyond what the category says. */
  readonly items: SparseRows;
}

/** Everyone a version knows, in dense form: row i of each column is one person. Rows are in the order of the ids (by code unit). */
export interface PeopleTable {
  readonly size: number;
  readonly ids: readonly string[];
  /** Dense index of an id, or -1. */
  indexOf(id: string): number;
  /** Years; -1 where unknown. */
  readonly age: Int32Array;
  /** Normalised as tags are. */
  readonly gender: NamedColumn;
  readonly location: NamedColumn;
  readonly interestNames: readonly string[];
  /** Person × interest, as `ItemTable.tags`. */
  readonly interests: SparseRows;
}

/** What is known of who is close to whom. Ids and coarse traits only: what is shown of a person is read anew from the store. */
export interface PeopleModel {
  readonly table: PeopleTable;
  /** Person × person: where short walks over items, authors and follows arrive, falling within a row, without whom they followed. */
  readonly near: SparseRows;
  /** Item × person: some of those who took to each item, at most a few dozen. */
  readonly takers: { readonly offsets: Int32Array; readonly indices: Int32Array };
  /** Per item: how many took to it in all. */
  readonly takerCounts: Float32Array;
}

/** Words and properties that items are told apart by, each with a row of its own. */
export interface Vocabulary {
  /** In order (by code unit). */
  readonly terms: readonly string[];
  /** Row of a term, or -1. */
  indexOf(term: string): number;
}

/** What items say of themselves, as vectors (latent semantic analysis, Deerwester et al. 1990). */
export interface ContentModel {
  readonly dimensions: number;
  readonly vocabulary: Vocabulary;
  /** Terms × dimensions: an item's vector is the sum of the rows of its terms, scaled to length 1. */
  readonly projection: Float32Array;
  /** Items × dimensions: vectors of length 1, or zeros where an item says nothing known. */
  readonly itemFactors: Float32Array;
  /** See `CollaborativeModel`. */
  readonly indexFile?: string;
  /** Where content lies in the space of ALS, see `placeByContent`; null where too little was done to tell. */
  readonly toCollaborative: Float32Array | null;
  /** The same for the spectral model. */
  readonly toSpectral: Float32Array | null;
  readonly shelf?: FactorShelf;
}

/** Scores rows of features at once. */
export interface Ranker {
  /** Names of the columns it was trained on, in order. */
  readonly features: readonly string[];
  /** `rows` × features, row after row → a calibrated probability of a positive action per row. */
  score(matrix: Float32Array, rows: number): Promise<Float32Array>;
}

/**
 * One model version in memory. Nothing in it is ever written while serving: with items that came since it is another
 * snapshot, an edition of the same version.
 */
export interface Snapshot {
  readonly version: string;
  /** Names what came since the version was made, the same on every node that knows of the same. Absent where nothing did. */
  readonly edition?: string;
  readonly tenant: string;
  readonly manifest: Manifest;
  readonly items: ItemTable;
  readonly collaborative: CollaborativeModel;
  /** Null when this version has none: it was made before there was one, or of too little. */
  readonly spectral: SpectralModel | null;
  /** Null when this version has none: it was made before there was one, or its items say nothing that two of them share. */
  readonly content: ContentModel | null;
  /** Item × item: the nearest items by co-visitation, falling similarity within a row, 0 to 1. */
  readonly neighbours: SparseRows;
  /** Item × item: where short walks from an item arrive, falling weight within a row. Null as `spectral` may be. */
  readonly graph: SparseRows | null;
  /** Null when this version has none: it was made before there was one, or of a log without times. */
  readonly sequence: SequenceModel | null;
  /** Null when this version knows nobody: it was made before there were people in a version, or of a log without any. */
  readonly people: PeopleModel | null;
  /** Item indices by falling decayed popularity, for strangers. */
  readonly popularOrder: Int32Array;
  /** Decayed popularity scaled to 0..1 by the most popular item. */
  readonly popularPrior: Float32Array;
  /** Null when this version has none: it was made before there was one, or of a log without likes. */
  readonly segments: SegmentModel | null;
  /** Null when this version has no learned ranker. */
  readonly ranker: Ranker | null;
}
