import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import type { SocialGraph } from '../../src/learning/examples/social.js';
import type { GraphParameters } from '../../src/learning/trainers/graph.js';

type Matrix = readonly (readonly number[])[];

/** The formula of `trainItemGraph` on dense matrices, for few people and items who each liked an item once. */
export function walksFrom(events: EventColumns, social: SocialGraph, parameters: GraphParameters): Matrix {
  const people = social.personIds.length;
  const edges = zeros(people, events.itemCount);
  events.users.forEach((user, at) => {
    write(edges, social.ofUsers[user] ?? 0, events.items[at] ?? 0, 1);
  });
  social.authors.forEach((author, item) => {
    if (author >= 0) write(edges, author, item, parameters.authorWeight);
  });
  const friends = zeros(people, people);
  social.followers.forEach((follower, at) => {
    const followee = social.followees[at] ?? 0;
    write(friends, follower, followee, 1 + (friends[follower]?.[followee] ?? 0));
    write(friends, followee, follower, 1 + (friends[followee]?.[follower] ?? 0));
  });
  const ofPerson = edges.map(sum);
  const ofItem = transposed(edges).map(sum);
  const out = transposed(edges).map((row, item) =>
    row.map((value) => value * power(ofItem[item], -parameters.itemExponent)),
  );
  const stepped = times(out, friends.map(toOne));
  const widened = out.map((row, i) => row.map((value, k) => value + parameters.friendShare * (stepped[i]?.[k] ?? 0)));
  const back = edges.map((row, person) =>
    row.map((value) => value * power(ofPerson[person], -parameters.personExponent)),
  );
  const once = withoutDiagonal(
    times(widened, back).map((row) => row.map((value, j) => value * power(ofItem[j], -parameters.popularityExponent))),
  );
  const again = times(once.map(toOne), once);
  return withoutDiagonal(
    once.map((row, i) => row.map((value, j) => value + parameters.secondStep * (again[i]?.[j] ?? 0))),
  );
}

const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

function write(matrix: number[][], row: number, column: number, value: number): void {
  const own = matrix[row];
  if (own !== undefined) own[column] = value;
}

const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0);
const toOne = (row: readonly number[]) => row.map((value) => (sum(row) > 0 ? value / sum(row) : 0));
const power = (mass = 0, exponent = 1) => (mass > 0 ? mass ** exponent : 0);
const transposed = (matrix: Matrix): number[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
const times = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((total, value, k) => total + value * (b[k]?.[j] ?? 0), 0)));
const withoutDiagonal = (matrix: Matrix): number[][] =>
  matrix.map((row, i) => row.map((value, j) => (i === j ? 0 : value)));
