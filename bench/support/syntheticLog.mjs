// A log as large as one likes, made page by page and never held as a whole: people of a few tastes each, over a catalogue of
// groups with a long tail, newer items preferred, all actions, tags and authors. The same numbers give the same log.
import { seededRandom } from '../../dist/domain/random.js';

const START_MS = Date.UTC(2025, 0);
const DAYS = 300;
const PAGE = 20_000;
const EVENTS_PER_PERSON = 100;
const ACTIONS = ['VIEW', 'VIEW', 'VIEW', 'VIEW', 'APPLY', 'LIKE', 'LIKE', 'SAVE', 'SHARE', 'SKIP', 'DISLIKE'];
/** Of what a person does, the share that lies in their own groups. */
const LOYAL = 0.8;

/** `{ eventLog, entities }`, as training and evaluation read them. */
export function syntheticLog({ events, items: itemCount, groups, seed }) {
  const people = Math.ceil(events / EVENTS_PER_PERSON);
  const items = Array.from({ length: itemCount }, (_, item) => makeItem(item, groups));
  return {
    entities: {
      async *scanItems() {
        for (let at = 0; at < items.length; at += PAGE) yield items.slice(at, at + PAGE);
      },
      async *scanUsers() {},
      async *scanFollows() {},
    },
    eventLog: {
      async *scan(_tenant, until) {
        const random = seededRandom(seed);
        for (let from = 0; from < events; from += PAGE) {
          const page = { userIds: [], itemIds: [], actions: [], values: [], occurredAt: [] };
          for (let event = from; event < Math.min(from + PAGE, events); event++) {
            const time = START_MS + Math.floor((event / events) * DAYS * 86_400_000);
            const person = Math.floor(people * random() ** 1.3);
            const item = pick(person, itemCount, groups, random);
            const action = ACTIONS[Math.floor(ACTIONS.length * random())];
            if (time >= until) continue;
            page.userIds.push(`u${person}`);
            page.itemIds.push(items[item].id);
            page.actions.push(action);
            page.values.push(Number.NaN);
            page.occurredAt.push(time);
          }
          if (page.userIds.length === 0) return;
          yield { ...page, values: Float64Array.from(page.values), occurredAt: Float64Array.from(page.occurredAt) };
        }
      },
    },
  };
}

/** Each person has two groups, told by their number; within a group low places are popular. */
function pick(person, itemCount, groups, random) {
  const perGroup = Math.floor(itemCount / groups);
  const own = (person * 7919 + (random() < 0.7 ? 0 : 31)) % groups;
  const group = random() < LOYAL ? own : Math.floor(groups * random());
  return Math.floor(perGroup * random() ** 2.5) * groups + group;
}

function makeItem(item, groups) {
  const group = item % groups;
  return {
    id: `i${String(item).padStart(7, '0')}`,
    kind: 'item',
    title: `Item ${item}`,
    description: null,
    category: `category ${group % 20}`,
    tags: [`group ${group}`, `shade ${item % 13}`, `size ${item % 5}`],
    previewUrl: null,
    authorId: `author ${item % 1000}`,
    attributes: null,
    createdAt: new Date(START_MS - (item % 365) * 86_400_000),
    hiddenAt: null,
  };
}
