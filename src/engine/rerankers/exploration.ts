import { seededRandom } from '../../domain/random.js';
import { SHOWN } from '../hydrators/exposure.js';
import type { Reranker } from '../pipeline/stages.js';
import type { RankingQuery } from '../query.js';
import { dealTrials, type Pool } from './trials.js';
import { unburied } from './unburied.js';

/**
 * Gives a share of the positions that are shown to uncertain items, so that something is learned of them. The positions are cut
 * into blocks of 1 / share. In each block at most one is given away, every one of them with the probability `share`; who gets
 * it is drawn by the chances of Thompson sampling, from a pool of the block's own. What stood there and below moves down by
 * one, the last of the block out of what is shown. So the probability of each item to stand where it stands is known:
 *
 *     the item that is tried   share × its chance in the pool
 *     the block's item n       1 − share × (n + 1) at its own place, share × (n + 1) one further down
 *
 * Pinned items stay, and neither count nor move. Nothing is drawn for two blocks together, so that the probabilities of different
 * blocks multiply.
 */
export const exploration: Reranker<RankingQuery> = {
  name: 'exploration',
  rerank({ chance: { share, seed }, rules, first }, candidates, { order, scores }) {
    const { items, columns } = candidates;
    const unchanged = { order, scores, moved: new Map<number, string>() };
    const places = Math.min(first, unburied(rules, items, order));
    if (share <= 0 || places === 0 || !columns.has(SHOWN)) return unchanged;
    const pinned = new Set(rules.pins.map(({ item }) => item));
    const isPinned = (row: number) => pinned.has(items[row] ?? 0);
    const blocks = blocksOf(order, places, Math.floor(1 / share), isPinned);
    const rest = order.subarray(places, unburied(rules, items, order)).filter((row) => !isPinned(row));
    const pools = dealTrials(candidates, scores, rest, blocks.length);

    const random = seededRandom(seed);
    const head = order.slice(0, places);
    const out: number[] = [];
    const tried = new Set<number>();
    const moved = new Map<number, string>();
    const propensities = new Float32Array(items.length).fill(1);
    blocks.forEach((block, at) => {
      // Drawn for every block, so that one block's drawing does not shift the next one's.
      const [whether, which] = [random(), random()];
      const pool = pools[at] ?? null;
      if (pool === null || block.length === 0) return;
      const to = Math.floor(whether / share);
      const row = to < block.length ? draw(pool, which) : -1;
      const last = fill(block, order, head, propensities, share, row < 0 ? block.length : to);
      if (row < 0) return;
      const place = block[to] ?? 0;
      head[place] = row;
      out.push(last);
      tried.add(row);
      propensities[row] = share * (pool.chances[pool.rows.indexOf(row)] ?? 0);
      moved.set(row, `exploration: position ${order.indexOf(row)} to ${place}`);
    });
    const below = order.subarray(places).filter((row) => !tried.has(row));
    return { order: Int32Array.of(...head, ...out, ...below), scores, moved, propensities };
  },
};

/** The positions of each block that are free to be given away. */
function blocksOf(
  order: Int32Array,
  places: number,
  size: number,
  isPinned: (row: number) => boolean,
): readonly (readonly number[])[] {
  const blocks: number[][] = [];
  for (let start = 0; start < places; start += size) {
    const block: number[] = [];
    for (let place = start; place < Math.min(start + size, places); place++) {
      if (!isPinned(order[place] ?? 0)) block.push(place);
    }
    blocks.push(block);
  }
  return blocks;
}

/** A row by its chance. `uniform` is in [0, 1). */
function draw({ rows, chances }: Pool, uniform: number): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at++) {
    sum += chances[at] ?? 0;
    if (uniform < sum) return rows[at] ?? 0;
  }
  return rows[chances.findLastIndex((chance) => chance > 0)] ?? 0;
}

/**
 * Puts the block's own rows where they stand when its `given`-th place is given away (none when that is its length), with
 * their probabilities. Answers the row that has no place left.
 */
function fill(
  block: readonly number[],
  order: Int32Array,
  head: Int32Array,
  propensities: Float32Array,
  share: number,
  given: number,
): number {
  for (let n = 0; n < block.length; n++) {
    const row = order[block[n] ?? 0] ?? 0;
    const pushed = share * (n + 1);
    propensities[row] = n < given ? 1 - pushed : pushed;
    if (n >= given && n + 1 < block.length) head[block[n + 1] ?? 0] = row;
  }
  return order[block[block.length - 1] ?? 0] ?? 0;
}
