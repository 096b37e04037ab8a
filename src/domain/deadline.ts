/** The moment by which an answer is wanted; what is left of the time is shared out among its stages. */
export interface Deadline {
  /** Milliseconds of `share` (0 to 1) of the time that is left; at least 1, so that a late stage still gets a chance. */
  of(share: number): number;
}

/** `now` in milliseconds that never go back. */
export function deadlineIn(ms: number, now: () => number = () => performance.now()): Deadline {
  const end = now() + ms;
  return { of: (share) => Math.max(1, (end - now()) * share) };
}

export const NO_DEADLINE: Deadline = { of: () => 2 ** 31 - 1 };
