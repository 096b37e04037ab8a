import { BOARD_LIMIT } from './ports/counters.js';

/** Half-lives that weights may grow before they are counted from a new landmark; a double would overflow after 1,023. */
export const LONGEST_RUN = 64;

/** Members left when a board has outgrown `BOARD_LIMIT`. */
export const KEPT = (BOARD_LIMIT / 5) * 4;
