// Works out docs/scale.md: reads its two tables of figures (what one thing costs, what is assumed), and prints the table of what
// so many requests a second need; `--write` puts it in its place. To replace a figure, change it there and run
//   node scripts/scale.mjs --write
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FILE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../docs/scale.md');
const PLACE = /(<!-- worked out by scripts\/scale\.mjs -->\n)[\s\S]*?(<!-- until here -->)/;
const RATES = [10_000, 100_000, 1_000_000];
const DAY = 86_400;

/** Figures by name: the rows `| \`name\` | 1,234.5 | … |` of the document. */
export function readFigures(text) {
  const figures = new Map();
  for (const [, name, value] of text.matchAll(/^\| `([a-z_]+)` \| ([\d.,]+) \|/gm)) {
    figures.set(name, Number(value.replaceAll(',', '')));
  }
  return (name) => {
    const value = figures.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`docs/scale.md has no figure ${name}`);
    return value;
  };
}

/** What `rate` requests a second need, at the peak unless said otherwise. */
export function workOut(of, rate) {
  const events = rate * of('feedback_share');
  const lists = rate - events;
  const cached = lists * of('cached_share');
  const computed = lists - cached;
  const api = (computed * of('list_ms') + cached * of('cached_list_ms') + events * of('event_ms')) / 1000;
  const processes = Math.ceil(api / of('load'));
  const redis = (computed * of('list_redis_ms') + cached * of('cached_list_redis_ms')) / 1000;
  const mean = 1 / of('peak_to_mean');
  return {
    'lists computed a second': computed,
    'lists from the cache a second': cached,
    'events a second': events,
    'API processes (one core each, and a little of a second)': processes,
    'memory of these, GiB': (processes * of('process_mib')) / 1024,
    'statements a second for lists': computed * of('list_statements') + cached * of('cached_list_statements'),
    'events, as a share of what one primary takes': events / of('primary_events'),
    'rows of shown lists a second': lists,
    'written for shown lists, MB/s': (lists * of('shown_bytes')) / 1e6,
    'Redis shards (one core each)': Math.ceil(redis / of('load')),
    'connections to PostgreSQL, at 4 a process': processes * 4,
    'events a day, millions': (events * mean * DAY) / 1e6,
    'log a year, TB': (events * mean * DAY * 365 * of('event_bytes')) / 1e12,
    'shown lists a month, TB': (lists * mean * DAY * 30 * of('shown_bytes')) / 1e12,
    'one training on the events of a week, hours': (events * mean * DAY * 7 * of('training_s')) / 1e6 / 3600,
    'its memory, GiB': (events * mean * DAY * 7 * of('training_mib')) / 1e6 / 1024,
  };
}

/** Requests a second that one process bears at the assumed load: what the autoscaler aims at. */
export function perProcess(of) {
  return Math.floor(1 / (workOut(of, 1e6)['API processes (one core each, and a little of a second)'] / 1e6));
}

export function table(of) {
  const columns = RATES.map((rate) => workOut(of, rate));
  const show = (value) =>
    value < 10 && !Number.isInteger(value) ? value.toFixed(2) : Math.round(value).toLocaleString('en-GB');
  return [
    `| | ${RATES.map((rate) => `${rate.toLocaleString('en-GB')}/s`).join(' | ')} |`,
    '|---|---|---|---|',
    ...Object.keys(columns[0]).map(
      (name) => `| ${name} | ${columns.map((column) => show(column[name])).join(' | ')} |`,
    ),
    '',
    `One process bears ${perProcess(of)} requests a second at that load.`,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(FILE, 'utf8');
  const result = table(readFigures(text));
  if (process.argv.includes('--write'))
    writeFileSync(
      FILE,
      text.replace(PLACE, (_, before, after) => before + result + after),
    );
  else console.log(result);
}
