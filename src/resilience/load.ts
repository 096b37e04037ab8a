import { performance } from 'node:perf_hooks';

/** How much of the load this process can bear: all, all but poorly, only what admins ask, nothing. */
export type Level = 'calm' | 'busy' | 'full' | 'flooded';

/**
 * Where levels begin: the event loop is so late, and what is under way needs so much more of its time. Many that wait for a disk are
 * no load: their work is in time. A pause for another reason does not get shorter by refusing anyone: few are under way then.
 */
const LIMITS = [
  { level: 'flooded', delayMs: 150, workMs: 120, inFlight: 64 },
  { level: 'full', delayMs: 30, workMs: 60, inFlight: 8 },
  { level: 'busy', delayMs: 20, workMs: 25, inFlight: 6 },
] as const;

/** Of what the loop was late, at each further look that finds it in time: half is left after 130 ms. */
const FADING = 0.9;
/** Of what requests needed, at each further look: half is left after 700 ms. */
const FORGETTING = 0.98;
/** Milliseconds of the loop that a request is thought to need before any has ended. */
const FIRST_GUESS_MS = 1;
export const LOOK_MS = 20;

/** Measures how late the event loop is, how many requests are under way, and how much of the loop's time a request needs. */
export interface Load {
  readonly level: Level;
  /** By how much the event loop was late lately, or is at this moment; milliseconds. */
  readonly delayMs: number;
  /** For how long what is under way will hold the event loop, going by what requests needed lately; milliseconds. */
  readonly workMs: number;
  /** A request begins; call the answer once it has ended. */
  begin(): () => void;
  /** Looks at the event loop: to be called every `LOOK_MS`, and late only when the loop is. */
  look(): void;
}

/** `now` in milliseconds that never go back; `active` are those that the event loop spent at work, on this or waiting for a core. */
export function createLoad(
  now: () => number = () => performance.now(),
  active: () => number = () => performance.eventLoopUtilization().active,
): Load {
  let inFlight = 0;
  let before = 0;
  let due = Number.POSITIVE_INFINITY;
  let activeBefore = active();
  let spent = FIRST_GUESS_MS;
  let ended = 1;
  // A turn of the loop that is still going on counts already: all that a spike brings at once comes in one turn.
  const delay = () => Math.max(before, now() - due);
  // Little's law, of the one server that an event loop is.
  const work = () => (inFlight * spent) / ended;
  return {
    get level() {
      const [delayMs, workMs] = [delay(), work()];
      const isOver = (limit: (typeof LIMITS)[number]) =>
        inFlight >= limit.inFlight && delayMs >= limit.delayMs && workMs >= limit.workMs;
      return LIMITS.find(isOver)?.level ?? 'calm';
    },
    get delayMs() {
      return delay();
    },
    get workMs() {
      return work();
    },
    begin() {
      inFlight++;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        inFlight--;
        ended++;
      };
    },
    look() {
      before = Math.max(now() - due, before * FADING);
      due = now() + LOOK_MS;
      const activeNow = active();
      // Only while requests are under way: what else the loop does is not theirs.
      if (inFlight > 0) spent += activeNow - activeBefore;
      activeBefore = activeNow;
      // Where none ends, what was known of them is kept.
      if (ended > 1) {
        spent *= FORGETTING;
        ended *= FORGETTING;
      }
    },
  };
}

/** Looks at the event loop fifty times a second. Call the answer to stop. */
export function watchLoop({ look }: Pick<Load, 'look'>): () => void {
  look();
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
