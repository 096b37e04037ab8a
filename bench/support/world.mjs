// A large world as CSV files: people with a few tastes, items with categories, tags and authors, long tails on both sides.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '../../dist/domain/random.js';

const TOPICS = 50;
const TAGS_PER_TOPIC = 12;
const ACTIONS = ['VIEW', 'VIEW', 'VIEW', 'APPLY', 'LIKE', 'LIKE', 'SAVE', 'SHARE', 'SKIP'];
const START_MS = Date.UTC(2026, 0);
const SPAN_MS = 300 * 86_400_000;
const SAYINGS = [
  'warm light',
  'soft glow',
  'neon lines',
  'paper grain',
  'old film',
  'morning fog',
  'deep water',
  'city rain',
];

/** Writes `items.csv`, `users.csv` and `interactions.csv`. Item i is of topic i mod 50; a person likes three topics. */
export async function writeWorld(folder, { users, items, events, seed = 1 }) {
  const random = seededRandom(seed);
  const below = (count) => Math.floor(count * random());
  const perTopic = Math.floor(items / TOPICS);
  await write(
    path.join(folder, 'items.csv'),
    items,
    'item_id,title,kind,category,tags,description,author_id,created_at',
    (i) => {
      const topic = i % TOPICS;
      const tags = Array.from({ length: 3 }, () => `t${topic}-${below(TAGS_PER_TOPIC)}`).join('|');
      return `item-${i},Lens ${i} ${SAYINGS[below(SAYINGS.length)]},lens,topic-${topic},${tags},${SAYINGS[below(SAYINGS.length)]},user-${below(users)},${START_MS + below(SPAN_MS)}`;
    },
  );
  await write(path.join(folder, 'users.csv'), users, 'user_id,name,age,gender,location,interests,created_at', (u) => {
    return `user-${u},Person ${u},${18 + below(50)},,place-${below(20)},topic-${tasteOf(u, 0)},${START_MS}`;
  });
  await write(path.join(folder, 'interactions.csv'), events, 'user_id,item_id,action,value,timestamp', (row) => {
    const user = Math.floor(users * random() ** 1.5);
    const topic = random() < 0.8 ? tasteOf(user, below(3)) : below(TOPICS);
    const item = Math.floor(perTopic * random() ** 3) * TOPICS + topic;
    const at = START_MS + Math.floor((SPAN_MS * row) / events);
    return `user-${user},item-${item},${ACTIONS[below(ACTIONS.length)]},,${at}`;
  });
}

function tasteOf(user, place) {
  return (user * 7 + place * 13 * ((user % 11) + 1)) % TOPICS;
}

async function write(file, rows, heading, line) {
  const out = createWriteStream(file);
  let text = `${heading}\n`;
  for (let row = 0; row < rows; row++) {
    text += `${line(row)}\n`;
    if (text.length < 1 << 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'close');
}
