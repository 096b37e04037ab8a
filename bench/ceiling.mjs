// `node bench/ceiling.mjs`: what NDCG@10 one list for all new people can reach on MovieLens latest-small, `temporal`, when it is
// made of what most of them took to later: a bound for every recommender that knows nothing of them. Beside it the most
// popular films before the cut, by a half-life of two years.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

const DAY = 86_400;
const HALF_LIFE = 730 * DAY;
const RIGHT = 4;
const SHOWN = 10;

const file = path.resolve(fileURLToPath(import.meta.url), '../../../shared/data/ml-latest-small/ratings.csv');
if (!existsSync(file)) {
  console.log(`Skipped: there is no ${file}.`);
  process.exit(0);
}
const ratings = parse(readFileSync(file), { columns: true })
  .map((row) => ({ user: row.userId, film: row.movieId, stars: Number(row.rating), at: Number(row.timestamp) }))
  .sort((a, b) => a.at - b.at);
const cut = ratings[Math.floor(ratings.length * 0.8)].at;
const known = new Set();
const popularity = new Map();
const add = (counts, film, amount) => counts.set(film, (counts.get(film) ?? 0) + amount);
for (const { user, film, stars, at } of ratings.filter((rating) => rating.at < cut)) {
  known.add(user);
  if (stars >= RIGHT) add(popularity, film, 0.5 ** ((cut - at) / HALF_LIFE));
}
const taken = new Map();
const later = new Map();
for (const { user, film, stars, at } of ratings) {
  if (at < cut || stars < RIGHT || known.has(user)) continue;
  taken.set(user, (taken.get(user) ?? new Set()).add(film));
  add(later, film, 1);
}

const gain = (place) => 1 / Math.log2(place + 2);
const sum = (count) => Array.from({ length: count }, (_, place) => gain(place)).reduce((a, b) => a + b, 0);
const ndcg = (list, right) =>
  list.reduce((total, film, place) => total + (right.has(film) ? gain(place) : 0), 0) /
  sum(Math.min(SHOWN, right.size));
const mean = (counts) => {
  const list = [...counts].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  const films = list.map(([film]) => film);
  return [...taken.values()].reduce((total, right) => total + ndcg(films, right), 0) / taken.size;
};
console.log(`${taken.size} new people, one list of ${SHOWN} for all of them, NDCG@${SHOWN}:`);
console.log(`what was popular before the cut        ${mean(popularity).toFixed(4)}`);
console.log(`what most of them took to afterwards   ${mean(later).toFixed(4)}`);
