import { checkAmounts } from '../checks.js';
import { KEPT, LONGEST_RUN } from '../decay.js';
import { BOARD_LIMIT, type Board, type Counters, FADED } from '../ports/counters.js';

interface Scores {
  /** Epoch milliseconds at which a count of one weighs one. */
  landmark: number;
  readonly byMember: Map<string, number>;
}

interface Ranked {
  readonly member: string;
  readonly score: number;
}

/**
 * Forward decay in this process. A count at time t is kept as its weight 2^((t − landmark) / half-life), which never
 * changes again; reading divides by the weight of the moment. The landmark moves on before the weights overflow.
 */
export function createMemoryCounters(): Counters {
  const boards = new Map<string, Scores>();
  const keyOf = (board: Board) => `${board.halfLifeMs}:${board.name}`;
  return {
    async add(board, amounts, at) {
      checkAmounts(amounts);
      const key = keyOf(board);
      const scores = boards.get(key) ?? { landmark: at, byMember: new Map<string, number>() };
      boards.set(key, scores);
      moveLandmark(scores, board, at);
      const weight = 2 ** ((at - scores.landmark) / board.halfLifeMs);
      for (const [member, amount] of amounts) {
        const score = (scores.byMember.get(member) ?? 0) + amount * weight;
        if (score > 0) scores.byMember.set(member, score);
      }
      if (scores.byMember.size > BOARD_LIMIT) trim(scores);
    },
    async top(board, limit, at) {
      const scores = boards.get(keyOf(board));
      if (scores === undefined) return [];
      const fade = 2 ** ((scores.landmark - at) / board.halfLifeMs);
      return largest(scores.byMember, limit)
        .map(({ member, score }) => ({ member, count: score * fade }))
        .filter(({ count }) => count >= FADED);
    },
    async get(board, members, at) {
      const scores = boards.get(keyOf(board));
      if (scores === undefined) return members.map(() => 0);
      const fade = 2 ** ((scores.landmark - at) / board.halfLifeMs);
      return members.map((member) => (scores.byMember.get(member) ?? 0) * fade);
    },
    async remove(board, member) {
      boards.get(keyOf(board))?.byMember.delete(member);
    },
    async clear(board) {
      boards.delete(keyOf(board));
    },
    async dispose() {
      boards.clear();
    },
  };
}

/** In whole half-lives, so that every score is divided by a power of two and none is rounded. */
function moveLandmark(scores: Scores, board: Board, at: number): void {
  const halfLives = Math.floor((at - scores.landmark) / board.halfLifeMs);
  if (halfLives <= LONGEST_RUN) return;
  scores.landmark += halfLives * board.halfLifeMs;
  for (const [member, score] of scores.byMember) {
    const moved = score * 2 ** -halfLives;
    if (moved < FADED) scores.byMember.delete(member);
    else scores.byMember.set(member, moved);
  }
}

function trim(scores: Scores): void {
  const ranked = [...scores.byMember].map(([member, score]) => ({ member, score })).sort(before);
  for (const { member } of ranked.slice(KEPT)) scores.byMember.delete(member);
}

const before = (a: Ranked, b: Ranked) => b.score - a.score || (a.member < b.member ? -1 : 1);

/** One pass that keeps the best so far in order: of n members in no order, few ever enter a short list. */
function largest(byMember: ReadonlyMap<string, number>, limit: number): Ranked[] {
  const best: Ranked[] = [];
  if (limit < 1) return best;
  for (const [member, score] of byMember) {
    const last = best.at(-1);
    if (best.length === limit && last !== undefined && score < last.score) continue;
    const entry = { member, score };
    if (best.length === limit && last !== undefined && before(last, entry) < 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = best[middle];
      if (other !== undefined && before(other, entry) < 0) low = middle + 1;
      else high = middle;
    }
    best.splice(low, 0, entry);
    if (best.length > limit) best.pop();
  }
  return best;
}
