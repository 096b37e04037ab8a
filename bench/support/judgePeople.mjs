export const MEASURES = ['recall@10', 'recall@20', 'MRR'];

/**
 * Means over everyone who has someone to be found. `rank` answers the best people for one, best first; who is not in the
 * answer counts as not found.
 */
export async function judgePeople(wanted, rank) {
  const sums = MEASURES.map(() => 0);
  let asked = 0;
  for (const [person, right] of wanted.entries()) {
    if (right.length === 0) continue;
    const list = await rank(person);
    const places = right.map((other) => list.indexOf(other)).filter((place) => place >= 0);
    const within = (depth) => places.filter((place) => place < depth).length / right.length;
    const first = Math.min(...places);
    const figures = [within(10), within(20), places.length === 0 ? 0 : 1 / (1 + first)];
    for (const [at, figure] of figures.entries()) sums[at] += figure;
    asked += 1;
  }
  return sums.map((sum) => sum / asked);
}
