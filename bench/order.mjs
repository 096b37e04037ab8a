// `node bench/order.mjs`: whether the lines of Gowalla's files are in the order in which people went. How alike are two places by
// who went to both (cosine over people), when they stand next to each other in a line of the training file, and further apart;
// and how alike is the first place of a person's test line to the last, the first and the middle one of their training line.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../dist/domain/random.js';

const LINES = 2_000;
/** Shorter lines do not have all the distances. */
const LEAST = 30;
const DISTANCES = [1, 2, 5, 10, 20];

const folder = path.resolve(fileURLToPath(import.meta.url), '../../../shared/data/gowalla');
if (!existsSync(folder)) {
  console.log(`Skipped: there is no ${folder}.`);
  process.exit(0);
}
const read = (file) =>
  new Map(
    readFileSync(path.join(folder, file), 'utf8')
      .split('\n')
      .map((line) => line.trim().split(' ').map(Number))
      .map(([user, ...places]) => [user, places]),
  );
const [train, test] = [read('train.txt'), read('test.txt')];
const people = new Map();
for (const [user, places] of train) {
  for (const place of places) people.set(place, (people.get(place) ?? new Set()).add(user));
}

/** Cosine over the other people. */
function alike(one, other, user) {
  const [a, b] = [people.get(one) ?? new Set(), people.get(other) ?? new Set()];
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let both = 0;
  for (const person of few) if (person !== user && many.has(person)) both++;
  return both === 0 ? 0 : both / Math.sqrt(a.size * b.size);
}

const random = seededRandom(1);
const lines = [...train].filter(([user, places]) => places.length >= LEAST && (test.get(user)?.length ?? 0) > 0);
const sums = new Map();
const note = (what, value) => {
  const { sum, count } = sums.get(what) ?? { sum: 0, count: 0 };
  sums.set(what, { sum: sum + value, count: count + 1 });
};
for (let n = 0; n < LINES; n++) {
  const [user, places] = lines[Math.floor(random() * lines.length)];
  const next = test.get(user)[0];
  for (const distance of DISTANCES) {
    const at = Math.floor(random() * (places.length - distance));
    note(`${distance} apart in a training line`, alike(places[at], places[at + distance], user));
  }
  note('the first of the test line and the last of the training line', alike(next, places.at(-1), user));
  note('the first of the test line and the first of the training line', alike(next, places[0], user));
  note('the first of the test line and the middle of the training line', alike(next, places[places.length >> 1], user));
}
for (const [what, { sum, count }] of sums) console.log(`${(sum / count).toFixed(3)}  ${what}`);
