import type { EventColumns } from '../../src/learning/examples/eventColumns.js';
import type { SocialGraph } from '../../src/learning/examples/social.js';
import type { GraphParameters } from '../../src/learning/trainers/graph.js';
import type { PeopleParameters } from '../../src/learning/trainers/people.js';

type Matrix = readonly (readonly number[])[];

/** The formula of `trainItemGraph` on dense matrices, for few people and items who each liked an item once. */
export function walksFrom(events: EventColumns, social: SocialGraph, parameters: GraphParameters): Matrix {
  const edges = edgesOf(events, social, parameters.authorWeight);
  const ofPerson = edges.map(sum);
  const ofItem = transposed(edges).map(sum);
  const out = scaled(transposed(edges), ofItem, -parameters.itemExponent);
  const stepped = times(out, friendsOf(social).map(toOne));
  const back = scaled(edges, ofPerson, -parameters.personExponent);
  const arrived = times(add(out, stepped, parameters.friendShare), back);
  const once = withoutDiagonal(transposed(scaled(transposed(arrived), ofItem, -parameters.popularityExponent)));
  return withoutDiagonal(add(once, times(once.map(toOne), once), parameters.secondStep));
}

/** The formula of `trainPeople`, for as few. */
export function peopleWalks(events: EventColumns, social: SocialGraph, parameters: PeopleParameters): Matrix {
  const edges = edgesOf(events, social, parameters.authorWeight);
  const byItem = transposed(edges);
  const alike = withoutDiagonal(times(edges, scaled(byItem, byItem.map(sum), -parameters.itemExponent)));
  const friends = friendsOf(social);
  const steps = friends.map((row, person) => {
    const [hasFriends, hasMates] = [sum(row) > 0, sum(alike[person] ?? []) > 0];
    const toMates = hasMates ? (hasFriends ? parameters.tasteShare : 1) : 0;
    const mates = toOne(alike[person] ?? []);
    return toOne(row).map((value, other) => parameters.goOn * ((1 - toMates) * value + toMates * (mates[other] ?? 0)));
  });
  let [all, last] = [steps, steps];
  for (let step = 2; step <= parameters.steps; step++) {
    last = times(last, steps);
    all = add(all, last, 1);
  }
  const followed = new Set(Array.from(social.followers, (follower, at) => `${follower} ${social.followees[at]}`));
  return withoutDiagonal(all).map((row, person) =>
    row.map((value, other) => (followed.has(`${person} ${other}`) ? 0 : value)),
  );
}

function edgesOf(events: EventColumns, social: SocialGraph, authorWeight: number): number[][] {
  const edges = zeros(social.personIds.length, events.itemCount);
  events.users.forEach((user, at) => {
    write(edges, social.ofUsers[user] ?? 0, events.items[at] ?? 0, 1);
  });
  social.authors.forEach((author, item) => {
    if (author >= 0) write(edges, author, item, authorWeight);
  });
  return edges;
}

function friendsOf({ personIds, followers, followees }: SocialGraph): number[][] {
  const friends = zeros(personIds.length, personIds.length);
  followers.forEach((follower, at) => {
    const followee = followees[at] ?? 0;
    write(friends, follower, followee, 1 + (friends[follower]?.[followee] ?? 0));
    write(friends, followee, follower, 1 + (friends[followee]?.[follower] ?? 0));
  });
  return friends;
}

const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

function write(matrix: number[][], row: number, column: number, value: number): void {
  const own = matrix[row];
  if (own !== undefined) own[column] = value;
}

const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0);
const toOne = (row: readonly number[]) => row.map((value) => (sum(row) > 0 ? value / sum(row) : 0));
const scaled = (matrix: Matrix, masses: readonly number[], exponent: number): number[][] =>
  matrix.map((row, at) => row.map((value) => value * power(masses[at], exponent)));
const add = (a: Matrix, b: Matrix, share: number): number[][] =>
  a.map((row, i) => row.map((value, j) => value + share * (b[i]?.[j] ?? 0)));
const power = (mass = 0, exponent = 1) => (mass > 0 ? mass ** exponent : 0);
const transposed = (matrix: Matrix): number[][] =>
  (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
const times = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((total, value, k) => total + value * (b[k]?.[j] ?? 0), 0)));
const withoutDiagonal = (matrix: Matrix): number[][] =>
  matrix.map((row, i) => row.map((value, j) => (i === j ? 0 : value)));
