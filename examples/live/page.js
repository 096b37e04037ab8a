// What trends, live: `?nodes=` lists the addresses of nodes, `&token=` is a token, `&play` adds a button that plays feedback
// (it needs a token of a service or an admin, who may act for others).
import { connect } from './connection.js';

const SUBSCRIPTION = `subscription ($after: ID) {
  trendingUpdated(window: MINUTES_15, first: 10, after: $after) {
    cursor whole left items { rank change item { id title } }
  }
}`;
const ITEMS = '{ recommendations(first: 20, surface: "live-example") { recommendations { item { id title } } } }';
const LIKE = 'mutation ($inputs: [FeedbackInput!]!) { sendFeedbackBatch(inputs: $inputs) { accepted } }';

const settings = new URLSearchParams(location.search);
const nodes = (settings.get('nodes') ?? 'http://127.0.0.1:4000').split(',');
const find = (selector) => document.querySelector(selector);

/** Item id → what was told of it last; an update names only what changed. */
const shown = new Map();
let cursor = null;

const connection = connect({
  nodes,
  token: settings.get('token') ?? '',
  onState: (text) => {
    find('#status').textContent = text;
  },
  // Asked anew after each drop, with the cursor of the last update: what was missed comes, whichever node answers.
  onOpen: () =>
    connection.subscribe(
      SUBSCRIPTION,
      () => ({ after: cursor }),
      ({ trendingUpdated: update }) => {
        cursor = update.cursor;
        if (update.whole) shown.clear();
        for (const id of update.left) shown.delete(id);
        for (const entry of update.items) shown.set(entry.item.id, entry);
        draw(new Set(update.items.map(({ item }) => item.id)));
      },
    ),
});

function draw(changed) {
  const rows = [...shown.values()].sort((a, b) => a.rank - b.rank);
  find('#empty').hidden = rows.length > 0;
  find('#list').replaceChildren(
    ...rows.map(({ item, change }) => {
      const row = document.createElement('li');
      row.textContent = `${item.title} `;
      row.dataset.id = item.id;
      const detail = document.createElement('small');
      detail.textContent = `${change >= 0 ? '+' : ''}${Math.round(change * 100)} %`;
      row.append(detail);
      if (changed.has(item.id)) row.className = 'changed';
      return row;
    }),
  );
  setTimeout(() => {
    for (const row of find('#list').children) row.className = '';
  }, 50);
}

if (settings.has('play')) {
  const form = find('#play');
  form.hidden = false;
  let people = 0;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { recommendations } = (await connection.ask(ITEMS)).recommendations;
    const { item } = recommendations[Math.floor(Math.random() * recommendations.length)];
    const inputs = Array.from({ length: 10 }, () => ({
      target: { itemId: item.id },
      action: 'LIKE',
      userId: `live-${Date.now()}-${people++}`,
    }));
    await connection.ask(LIKE, { inputs });
    form.querySelector('output').textContent = `Ten people like ${item.title}.`;
  });
}
