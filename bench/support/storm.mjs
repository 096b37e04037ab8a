// Phases of random arrivals without a pause between them, each request noted with what became of it.

const OUTCOMES = ['full', 'poorer', 'parts missing', 'RATE_LIMITED', 'TIMEOUT', 'error', 'no answer'];

const ANSWERS = new Set(['full', 'poorer', 'parts missing']);

/** What became of a request: one of `OUTCOMES`; what an unexpected answer said is kept in `said`. */
export const said = new Map();
export function outcomeOf({ status, text }) {
  if (status === 0) return note('no answer', text);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  if (code === 'RATE_LIMITED') return code;
  // A list whose authors could not be read has them null, and says so beside.
  if (code === 'TIMEOUT' && text.includes('"degraded"')) return note('parts missing', text);
  if (code === 'TIMEOUT') return note(code, `${status} ${text}`);
  if (status !== 200 || code !== undefined || text.includes('"errors"')) return note('error', `${status} ${text}`);
  return /"degraded":"(\w+)"/.exec(text)?.[1] === 'NONE' ? 'full' : 'poorer';
}

function note(outcome, text) {
  const what = `${outcome}: ${text.slice(0, 200).replace(/"requestId":"[^"]*"/, '')}`;
  said.set(what, (said.get(what) ?? 0) + 1);
  return outcome;
}

/**
 * Poisson arrivals through the phases `{ rate, seconds }`, to the callers in turn. Answers one row a request: phase, node, the
 * second it was due, milliseconds from then to its answer, outcome. A caller that does not keep up counts as a slow server.
 */
export async function storm({ phases, callers, body, random }) {
  const rows = [];
  const pending = new Set();
  const started = performance.now();
  let due = started;
  let end = started;
  let turn = 0;
  for (const [phase, { rate, seconds }] of phases.entries()) {
    end += seconds * 1000;
    for (;;) {
      due += (-Math.log(1 - random()) / rate) * 1000;
      if (due > end) break;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait - 0.5));
      // Behind its time, the caller still reads what has come before it sends more.
      else if (turn % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
      const at = due;
      const node = turn++ % callers.length;
      const one = callers[node]
        .send(body())
        .catch((error) => ({ status: 0, text: error.message }))
        .then((answer) => {
          rows.push({
            phase,
            node,
            second: (at - started) / 1000,
            ms: performance.now() - at,
            outcome: outcomeOf(answer),
          });
          pending.delete(one);
        });
      pending.add(one);
    }
    due = end;
  }
  await Promise.all(pending);
  return rows;
}

/** Lines of text: each phase on each node, and each second of the spike where wanted. */
export function table(rows, phases, { nodes, each }) {
  const lines = [];
  for (const [phase, { title, rate }] of phases.entries()) {
    for (let node = 0; node < nodes; node++) {
      const here = rows.filter((row) => row.phase === phase && row.node === node);
      lines.push(`${`${title}, ${Math.round(rate / nodes)}/s, node ${node + 1}`.padEnd(28)} ${summary(here)}`);
    }
    if (!each) continue;
    const seconds = Map.groupBy?.(
      rows.filter((row) => row.phase === phase),
      ({ second }) => Math.floor(second),
    );
    for (const [second, these] of [...(seconds ?? [])].sort(([a], [b]) => a - b)) {
      lines.push(`  ${String(second).padStart(4)} s ${summary(these)}`);
    }
  }
  for (const [what, count] of said) lines.push(`${count} x ${what}`);
  return lines;
}

/** Seconds after the last phase began until a second of it has only whole lists, 99 of 100 within 150 ms. */
export function recoverySeconds(rows, phases) {
  const last = phases.length - 1;
  const start = phases.slice(0, last).reduce((sum, { seconds }) => sum + seconds, 0);
  const bad = rows.filter(({ phase, outcome, ms }) => phase === last && (outcome !== 'full' || ms > 150));
  for (let second = 0; second < phases[last].seconds; second++) {
    const inIt = ({ second: at }) => at >= start + second && at < start + second + 1;
    const all = rows.filter((row) => row.phase === last && inIt(row)).length;
    if (bad.filter(inIt).length <= all / 100) return second;
  }
  return Number.POSITIVE_INFINITY;
}

function summary(rows) {
  const counts = OUTCOMES.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length]);
  const answered = times(rows.filter(({ outcome }) => ANSWERS.has(outcome)));
  const refused = times(rows.filter(({ outcome }) => outcome === 'RATE_LIMITED'));
  const said = counts.filter(([, count]) => count > 0).map(([outcome, count]) => `${outcome} ${count}`);
  return `${said.join(', ').padEnd(52)} answers ${answered}; refusals ${refused}`;
}

function times(rows) {
  if (rows.length === 0) return 'none';
  const sorted = rows.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  return `p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} worst ${sorted.at(-1).toFixed(0)} ms`;
}
