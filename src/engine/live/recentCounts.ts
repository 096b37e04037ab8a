import type { Clock } from '../../domain/clock.js';
import type { Log } from '../../domain/log.js';
import type { Board, Counters } from '../../store/ports/counters.js';

/** Counts of the members of boards, as of some seconds ago. */
export interface RecentCounts {
  /**
   * In the order of the members; at once and without a promise where all are known well enough.
   * @throws StoreAway
   */
  read(board: Board, members: readonly string[]): Float32Array | Promise<Float32Array>;
  forget(board: Board, member: string): void;
}

/** How long a count is believed … */
const FRESH_MS = 5_000;
/** … and how long an older one still is while it is read anew behind the answer. */
const USABLE_MS = 60_000;
/** Members whose counts are old wait so long for others, to be read together. */
const GATHER_MS = 50;
/** Of one board; when there are more all are forgotten. */
const MOST_KEPT = 200_000;

interface Kept {
  count: number;
  at: number;
}

interface Members {
  readonly board: Board;
  readonly kept: Map<string, Kept>;
  readonly old: Set<string>;
}

/** Most lists ask about the same uncertain items: of the counters only what is new is asked, and what is old all at once. */
export function createRecentCounts({
  counters,
  clock,
  log,
}: {
  readonly counters: Pick<Counters, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
}): RecentCounts {
  const boards = new Map<string, Members>();
  let timer: NodeJS.Timeout | undefined;

  const membersOf = (board: Board): Members => {
    const known = boards.get(board.name);
    if (known !== undefined) return known;
    const made = { board, kept: new Map<string, Kept>(), old: new Set<string>() };
    boards.set(board.name, made);
    return made;
  };
  const readAnew = async ({ board, kept }: Members, members: readonly string[]): Promise<void> => {
    const now = clock();
    const counts = await counters.get(board, members, now);
    if (kept.size + members.length > MOST_KEPT) kept.clear();
    members.forEach((member, at) => {
      kept.set(member, { count: counts[at] ?? 0, at: now });
    });
  };
  const renew = () => {
    timer = undefined;
    for (const members of boards.values()) {
      if (members.old.size === 0) continue;
      const old = [...members.old];
      members.old.clear();
      readAnew(members, old).catch((error: unknown) => {
        log.debug({ err: error, board: members.board.name }, 'counts are not renewed now');
      });
    }
  };

  return {
    read(board, members) {
      const own = membersOf(board);
      const now = clock();
      const out = new Float32Array(members.length);
      let missing: string[] | null = null;
      for (let at = 0; at < members.length; at++) {
        const member = members[at] ?? '';
        const known = own.kept.get(member);
        const age = known === undefined ? Number.POSITIVE_INFINITY : Math.abs(now - known.at);
        if (age >= USABLE_MS) {
          missing ??= [];
          missing.push(member);
          continue;
        }
        if (age >= FRESH_MS) own.old.add(member);
        out[at] = known?.count ?? 0;
      }
      if (own.old.size > 0 && timer === undefined) timer = setTimeout(renew, GATHER_MS).unref();
      if (missing === null) return out;
      return readAnew(own, [...new Set(missing)]).then(() =>
        Float32Array.from(members, (member) => own.kept.get(member)?.count ?? 0),
      );
    },
    forget(board, member) {
      boards.get(board.name)?.kept.delete(member);
    },
  };
}
