// `npm run bench:people`: a tenth of the friendships of a public set is hidden, and everyone is asked whom they should meet.
// The walks of a version and the served list (`recommendedUsers`) beside common neighbours and Adamic–Adar, which rank by friends
// alone; every other person is ranked, none sampled. Then what the people of a large network cost in a version.
//   --seed N      of what is hidden, repeatable (1, 2, 3)
//   --users N     of the large network (100,000; 0 for none)
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../dist/domain/random.js';
import { createMatchmaker } from '../dist/engine/people/matchmaker.js';
import { openPool } from '../dist/kernels/pool.js';
import { foldInteractions } from '../dist/learning/examples/interactions.js';
import { PEOPLE_DEFAULTS, trainPeople } from '../dist/learning/trainers/people.js';
import { buildItemTable } from '../dist/registry/itemTable.js';
import { judgePeople, MEASURES } from './support/judgePeople.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', multiple: true, default: ['1', '2', '3'] },
    users: { type: 'string', default: '100000' },
  },
});
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.resolve(root, '../shared/data/lastfm-hetrec');
const DEPTH = 100;
const idOf = (person) => `person-${String(person).padStart(7, '0')}`;
const itemOf = (item) => `item-${String(item).padStart(7, '0')}`;
const threads = os.availableParallelism();
console.log(`Node ${process.versions.node}, ${threads} cores, ${os.cpus()[0]?.model ?? 'unknown processor'}`);

const pool = openPool({ threads });
try {
  const missing = ['user_artists.dat', 'user_friends.dat'].find((file) => !existsSync(path.join(folder, file)));
  if (missing === undefined) await judgeFriends(readNetwork());
  else console.log(`\nSkipped the friends: there is no ${path.join(folder, missing)}.`);
  if (Number(values.users) > 0) await measureSize(Number(values.users));
} finally {
  await pool.dispose();
}

/** Numbered people, what they took to, and who are friends (each pair once). */
function readNetwork() {
  const rows = (file) =>
    readFileSync(path.join(folder, file), 'latin1')
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => line.split('\t').map(Number));
  const plays = rows('user_artists.dat');
  const pairs = rows('user_friends.dat').filter(([one, other]) => one !== other);
  const numbers = (ids) => new Map([...new Set(ids)].sort((a, b) => a - b).map((id, at) => [id, at]));
  const people = numbers([...plays.map(([id]) => id), ...pairs.flat()]);
  const items = numbers(plays.map(([, item]) => item));
  const friends = new Map();
  for (const pair of pairs) {
    const [a, b] = [people.get(pair[0]), people.get(pair[1])];
    friends.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
  }
  return {
    people: people.size,
    items: items.size,
    taken: plays.map(([id, item]) => [people.get(id), items.get(item)]),
    friends: [...friends.values()],
  };
}

async function judgeFriends(network) {
  console.log(
    `\n${network.people} people, ${network.friends.length} friendships, ${network.taken.length} pairs of person and artist; a tenth hidden`,
  );
  for (const seed of values.seed.map(Number)) {
    const { known, hidden } = hideTenth(network.friends, seed);
    const neighbours = Array.from({ length: network.people }, () => new Set());
    for (const [a, b] of known) {
      neighbours[a].add(b);
      neighbours[b].add(a);
    }
    const wanted = Array.from({ length: network.people }, () => []);
    for (const [a, b] of hidden) {
      wanted[a].push(b);
      wanted[b].push(a);
    }
    const model = await train(network, known);
    const overFriends = (weight) => (person) => {
      const sums = new Map();
      for (const friend of neighbours[person]) {
        for (const other of neighbours[friend])
          sums.set(other, (sums.get(other) ?? 0) + weight(neighbours[friend].size));
      }
      return best(sums, (other) => other !== person && !neighbours[person].has(other));
    };
    const served = serve(network, known, model);
    const rankers = {
      'common neighbours': overFriends(() => 1),
      'Adamic–Adar': overFriends((friends) => 1 / Math.log(friends)),
      walks: (person) => rowOf(model.near, person),
      recommendedUsers: served,
    };
    console.log(
      `\n${`seed ${seed}, ${hidden.length} hidden`.padEnd(24)}${MEASURES.map((name) => name.padStart(12)).join('')}`,
    );
    for (const [name, rank] of Object.entries(rankers)) {
      const figures = await judgePeople(wanted, rank);
      console.log(`${name.padEnd(24)}${figures.map((figure) => figure.toFixed(4).padStart(12)).join('')}`);
    }
  }
}

function hideTenth(friends, seed) {
  const random = seededRandom(seed);
  const shuffled = friends.map((pair) => ({ pair, key: random() })).sort((a, b) => a.key - b.key);
  const cut = Math.floor(friends.length / 10);
  const pairs = shuffled.map(({ pair }) => pair);
  return { hidden: pairs.slice(0, cut), known: pairs.slice(cut) };
}

/** A friendship is a follow each way. */
function train({ people, items, taken }, friends, seed = 1) {
  const events = {
    userCount: people,
    itemCount: items,
    circumstances: [],
    users: Int32Array.from(taken, ([person]) => person),
    items: Int32Array.from(taken, ([, item]) => item),
    worths: new Float32Array(taken.length).fill(3),
    times: new Float64Array(taken.length),
  };
  const personIds = Array.from({ length: people }, (_, person) => idOf(person));
  const graph = {
    personIds,
    ofUsers: Int32Array.from(personIds.keys()),
    authors: new Int32Array(items).fill(-1),
    followers: Int32Array.from(friends.flat()),
    followees: Int32Array.from(friends.flatMap(([a, b]) => [b, a])),
    followedAt: new Float64Array(2 * friends.length),
  };
  const social = { graph, profiles: personIds.map(() => null) };
  return trainPeople({ interactions: foldInteractions(events), social, parameters: PEOPLE_DEFAULTS, seed, pool });
}

/** The recipe that answers requests, on stores that hold the network. */
function serve({ people, items, taken }, friends, model) {
  const followees = Array.from({ length: people }, () => []);
  for (const [a, b] of friends) {
    followees[a].push(idOf(b));
    followees[b].push(idOf(a));
  }
  const histories = Array.from({ length: people }, () => []);
  for (const [person, item] of taken) {
    histories[person].push({ itemId: itemOf(item), action: 'LIKE', value: null, occurredAt: 0 });
  }
  const circleOf = (person) => ({ followees: followees[person] ?? [], followers: followees[person] ?? [] });
  const table = buildItemTable(
    Array.from({ length: items }, (_, item) => ({
      id: itemOf(item),
      kind: 'k',
      category: null,
      authorId: null,
      tags: [],
      createdAt: new Date(0),
    })),
    new Float32Array(items),
  );
  const snapshot = { version: 'bench', items: table, people: model };
  const matchmaker = createMatchmaker({
    activePeople: async () => [],
    entities: {
      users: async (_tenant, ids) => ids.map(() => null),
      circles: async (_tenant, ids, limit) =>
        ids.map((id) => {
          const { followees: out, followers: back } = circleOf(model.table.indexOf(id));
          return { followees: out.slice(0, limit), followers: back.slice(0, limit) };
        }),
    },
    eventLog: { blockersAmong: async () => [] },
    shownLog: { record() {} },
  });
  return async (person) => {
    const { people: matches, dropped } = await matchmaker.recommend({
      tenant: 'bench',
      userId: idOf(person),
      facts: null,
      events: histories[person],
      relations: { acts: [], advances: [], ...circleOf(person) },
      snapshot,
      filter: null,
      excludeSeen: true,
      count: DEPTH,
      now: 0,
    });
    if (dropped.length > 0) throw new Error(`the list was made without ${dropped.join(', ')}`);
    return matches.map(({ userId }) => model.table.indexOf(userId));
  };
}

function best(sums, admits) {
  return [...sums]
    .filter(([other]) => admits(other))
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, DEPTH)
    .map(([other]) => other);
}

function rowOf({ offsets, indices }, row) {
  return [...indices.subarray(offsets[row], offsets[row + 1])];
}

/** A made-up network: everyone takes to 10 of so many items, the earlier the more likely, and has 10 friends near them. */
async function measureSize(people) {
  const random = seededRandom(1);
  const items = people;
  const taken = Array.from({ length: 10 * people }, (_, at) => [
    Math.floor(at / 10),
    Math.floor(items * random() ** 3),
  ]);
  const friends = Array.from({ length: 5 * people }, (_, at) => {
    const person = Math.floor(at / 5);
    return [person, (person + 1 + Math.floor(1000 * random() ** 2)) % people];
  });
  const [started, before] = [performance.now(), process.cpuUsage()];
  const model = await train({ people, items, taken }, friends);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const { near, takers, takerCounts, table } = model;
  const arrays = [near.offsets, near.indices, near.values, takers.offsets, takers.indices, takerCounts];
  arrays.push(table.age, table.gender.codes, table.location.codes, table.interests.offsets);
  const megabytes = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0) / 1e6;
  const ids = table.ids.reduce((sum, id) => sum + id.length, 0) / 1e6;
  console.log(
    `\n${people.toLocaleString('en')} people, ${taken.length.toLocaleString('en')} events, ${friends.length.toLocaleString('en')} friendships:` +
      ` ${megabytes.toFixed(1)} MB of arrays and ${ids.toFixed(1)} MB of ids in a version, trained in ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor time)`,
  );
}
