/**
 * Conditions on single rows, as scalar subqueries: the planner can only answer them by key, row after row, and so keeps the
 * order of the index that the query is about, whatever it believes about the size of a table.
 */

/** Neither of the two blocks the other. `$1` is the tenant. */
export const unblocked = (viewer: string, other: string): string =>
  `(SELECT true FROM blocks b WHERE b.tenant = $1 AND b.blocker_id = ${viewer} AND b.blocked_id = ${other}) IS NULL
   AND (SELECT true FROM blocks b WHERE b.tenant = $1 AND b.blocker_id = ${other} AND b.blocked_id = ${viewer}) IS NULL`;

/** The item of that id is not hidden. */
export const shown = (id: string): string =>
  `(SELECT true FROM items i WHERE i.tenant = $1 AND i.id = ${id} AND i.hidden_at IS NULL)`;

/** `$2` follows that person. */
export const follows = (author: string): string =>
  `(SELECT true FROM follows f WHERE f.tenant = $1 AND f.follower_id = $2 AND f.followee_id = ${author})`;
