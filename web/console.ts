import { actions, type Entry, fetchPage, type Page, send, type Verb } from './api.js';
import { byId, element } from './dom.js';

const person = byId('person', HTMLInputElement);
const first = byId('first', HTMLInputElement);
const diversity = byId('diversity', HTMLInputElement);
const seen = byId('seen', HTMLInputElement);
const access = byId('access', HTMLFormElement);
const token = byId('token', HTMLInputElement);
const list = byId('list', HTMLOListElement);
const why = byId('why', HTMLElement);
const history = byId('history', HTMLOListElement);
const status = byId('status', HTMLElement);

let bearer: string | null = null;
let shown = new Set<string>();

byId('who', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  shown = new Set();
  void refresh();
});
byId('stranger', HTMLButtonElement).addEventListener('click', () => {
  person.value = `stranger-${Math.random().toString(36).slice(2, 8)}`;
  shown = new Set();
  void refresh();
});
access.addEventListener('submit', (event) => {
  event.preventDefault();
  bearer = token.value.trim();
  void refresh();
});

await start();

async function start(): Promise<void> {
  const response = await fetch('/console.json');
  if (response.ok) {
    const settings: unknown = await response.json();
    if (
      typeof settings === 'object' &&
      settings !== null &&
      'token' in settings &&
      typeof settings.token === 'string'
    ) {
      bearer = settings.token;
    }
  }
  access.hidden = bearer !== null;
  if (bearer === null) say('Paste a token to begin.');
  else await refresh();
}

async function refresh(): Promise<void> {
  if (bearer === null) return;
  say('Asking …');
  try {
    const page = await fetchPage(bearer, {
      userId: person.value.trim(),
      first: first.valueAsNumber,
      diversity: diversity.valueAsNumber,
      excludeSeen: !seen.checked,
    });
    draw(page);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), true);
  }
}

function draw(page: Page): void {
  const { recommendations, algorithmVersion, degraded, cached, generationTimeMs, totalCount } = page.list;
  const before = shown;
  shown = new Set(recommendations.map(({ item }) => item.id));
  list.replaceChildren(
    ...recommendations.map((entry) => card(entry, page.list.requestId, before.size > 0 && !before.has(entry.item.id))),
  );
  history.replaceChildren(
    ...page.history.map((event) =>
      element(
        'li',
        {},
        element('b', {}, event.action),
        ` ${event.item?.title ?? event.user?.name ?? 'something gone'}`,
      ),
    ),
  );
  if (page.history.length === 0) history.append(element('li', { class: 'hint' }, 'Nothing yet.'));
  say(
    `${recommendations.length} of ${totalCount} candidates · model ${algorithmVersion} · ${degraded === 'NONE' ? 'full pipeline' : degraded} · ` +
      `${cached ? 'from cache' : `${generationTimeMs.toFixed(1)} ms`}`,
  );
}

function card(entry: Entry, requestId: string, isNew: boolean): HTMLElement {
  const { item } = entry;
  const picture = element('button', { type: 'button', class: 'picture', 'aria-label': `Why ${item.title}` });
  if (item.previewUrl !== null) picture.append(element('img', { src: item.previewUrl, alt: '', loading: 'lazy' }));
  picture.addEventListener('click', () => explain(entry));
  return element(
    'li',
    { class: isNew ? 'card new' : 'card' },
    picture,
    element(
      'div',
      {},
      element('h3', {}, item.title),
      element('p', {}, [item.category, item.author?.name].filter((text) => text != null).join(' · ')),
      element('p', {}, entry.reason),
      element('p', { class: 'score' }, `${(entry.score * 100).toFixed(1)} % · ${entry.source}`),
    ),
    element('div', { class: 'acts' }, ...actions.map((verb) => act(entry, requestId, verb))),
  );
}

function act(entry: Entry, requestId: string, verb: Verb): HTMLElement {
  const button = element('button', { type: 'button' }, verb.label);
  button.addEventListener('click', async () => {
    if (bearer === null) return;
    try {
      await send(bearer, {
        target: { itemId: entry.item.id },
        action: verb.action,
        userId: person.value.trim(),
        requestId,
        position: entry.position,
      });
      await refresh();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), true);
    }
  });
  return button;
}

function explain(entry: Entry): void {
  const { sources, features, rules } = entry.explanation;
  why.replaceChildren(
    element('p', {}, element('b', {}, entry.item.title), ` — ${entry.reason}`),
    table(
      ['Source', 'score', 'rank'],
      sources.map(({ source, score, rank }) => [source, score.toFixed(3), String(rank + 1)]),
    ),
    table(
      ['Feature', 'value', 'weight'],
      features.map(({ feature, value, weight }) => [feature.replaceAll('_', ' '), value.toFixed(3), weight.toFixed(2)]),
    ),
    ...rules.map((rule) => element('p', { class: 'hint' }, rule)),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    'table',
    {},
    element('tr', {}, ...head.map((text) => element('th', {}, text))),
    ...rows.map((row) => element('tr', {}, ...row.map((text) => element('td', {}, text)))),
  );
}

function say(text: string, wrong = false): void {
  status.textContent = text;
  status.classList.toggle('error', wrong);
}
