import type { Candidates, Found } from '../../domain/candidates.js';

/** Finds candidates. Sources run at once; a failed or late one is dropped and named in the trace. */
export interface Source<Q> {
  readonly name: string;
  /** At most so many are taken, best first. */
  readonly quota: number;
  /** Milliseconds after which an answer that is still pending is given up. */
  readonly deadlineMs: number;
  enabled(query: Q): boolean;
  fetch(query: Q): Found | Promise<Found>;
}

/** Values for each candidate, in their order. `items` says for whom they were made, so that a mix-up is caught. */
export interface Hydrated {
  readonly items: Int32Array;
  readonly columns: ReadonlyMap<string, Float32Array>;
}

/** Adds columns. Hydrators run at once; a failed one is dropped and named in the trace. */
export interface Hydrator<Q> {
  readonly name: string;
  hydrate(query: Q, candidates: Candidates): Hydrated | Promise<Hydrated>;
}

/** Rows in rising order; together they are all rows, each once. */
export interface Sifted {
  readonly kept: Int32Array;
  readonly removed: Int32Array;
  /** Why, for each of `removed`. */
  readonly reasons: readonly string[];
}

/**
 * Takes candidates out. Filters run one after the other. A failed one fails the list: what must not be shown is never
 * let through.
 */
export interface Filter<Q> {
  readonly name: string;
  filter(query: Q, candidates: Candidates): Sifted;
}

/** One score per candidate, in their order; larger is better, never NaN. */
export interface Scored {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** Scores the candidates. The first enabled one that succeeds counts. */
export interface Scorer<Q> {
  readonly name: string;
  enabled(query: Q): boolean;
  score(query: Q, candidates: Candidates): Scored | Promise<Scored>;
}

/** An order over candidates. */
export interface Ranked {
  /** Rows, best first, each row of the candidates once. */
  readonly order: Int32Array;
  /** By row. */
  readonly scores: Float32Array;
}

export interface Reranked extends Ranked {
  /** Row → what the rule did to it, for a person to read. Only the rows it moved. */
  readonly moved: ReadonlyMap<number, string>;
  /** By row: the probability of getting its place, above 0. Left out where nothing was left to chance. */
  readonly propensities?: Float32Array;
}

/** A rule that reorders or rescores, losing nothing. Folded one after the other; a failed one changes nothing. */
export interface Reranker<Q> {
  readonly name: string;
  rerank(query: Q, candidates: Candidates, ranked: Ranked): Reranked;
}

/** Something done with what was shown, after the answer and never in its way. */
export interface Effect<S> {
  readonly name: string;
  run(shown: S): void | Promise<void>;
}

/** How a list is made, as plain lists of components. */
export interface Recipe<Q, S> {
  readonly name: string;
  readonly sources: readonly Source<Q>[];
  readonly hydrators: readonly Hydrator<Q>[];
  readonly filters: readonly Filter<Q>[];
  readonly scorers: readonly Scorer<Q>[];
  readonly rerankers: readonly Reranker<Q>[];
  readonly effects: readonly Effect<S>[];
}
