import type { Estimate } from '../../learning/evaluation/bootstrap.js';
import type { EvaluationReport, ModelReport } from '../../learning/evaluation/report.js';
import { count } from '../progress.js';

const FIGURES = [
  ['Recall@20', 'recall@20'],
  ['NDCG@20', 'ndcg@20'],
  ['HR@10', 'hr@10'],
  ['NDCG@10', 'ndcg@10'],
  ['MRR@20', 'mrr@20'],
] as const;

/** The report for a person to read, line by line. */
export function reportLines(report: EvaluationReport): string[] {
  const { models, leads } = report;
  return [
    ...heading(report),
    '',
    ...table([
      ['', ...FIGURES.map(([title]) => title)],
      ...models.map(({ name, metrics }) => [name, ...FIGURES.map(([, figure]) => withInterval(metrics[figure]))]),
    ]),
    '',
    ...table([
      ['first 20', 'coverage', 'Gini', 'novelty (bits)', 'diversity', 'calibration error'],
      ...models.map(listRow),
    ]),
    '',
    ...sliceTable(report, 'Recall@20', 'recall@20'),
    '',
    ...sliceTable(report, 'NDCG@10', 'ndcg@10'),
    '',
    ...table([
      [`${models.at(-1)?.name}, NDCG@10`, 'all', 'known people'],
      ...leads.map(({ over, all, known }) => [`over ${over}`, lead(all), known === null ? '–' : lead(known)]),
    ]),
    '',
    'Every unseen item is ranked. ± is half of the 95 % bootstrap interval over people; --json has both ends.',
  ];
}

function heading({ protocol, version, until, ranker, seed, counts }: EvaluationReport): string[] {
  const judged = version === null ? 'trained for this on the training slice' : `version ${version}`;
  const ranked = ranker === 'learned' ? 'the learned ranker ranks' : 'the fixed formula ranks';
  return [
    `${protocol}, ${judged}, ${ranked}, seed ${seed}`,
    `${count(counts.events)} events${until === null ? '' : ` before ${until}`}, ${count(counts.items)} items; judged by ` +
      `${count(counts.right)} items that ${count(counts.people)} people took to`,
  ];
}

function listRow({ name, lists }: ModelReport): string[] {
  const { coverage, gini, novelty, intraListDiversity, calibrationError } = lists;
  const orNone = (value: number | null) => (value === null ? '–' : value.toFixed(3));
  return [
    name,
    `${(100 * coverage).toFixed(1)} %`,
    gini.toFixed(3),
    novelty.toFixed(2),
    orNone(intraListDiversity),
    orNone(calibrationError),
  ];
}

function withInterval(estimate: Estimate | undefined): string {
  if (estimate === undefined) return '–';
  return `${estimate.mean.toFixed(4)} ±${((estimate.high - estimate.low) / 2).toFixed(4)}`;
}

function sliceTable({ models, counts }: EvaluationReport, title: string, figure: string): string[] {
  const slices = Object.entries(counts.slices);
  return table([
    [`${title} of`, ...slices.map(([slice, people]) => `${slice} (${count(people)})`)],
    ...models.map(({ name, slices: own }) => [
      name,
      ...slices.map(([slice, people]) => (people === 0 ? '–' : withInterval(own[slice]?.[figure]))),
    ]),
  ]);
}

function lead({ mean, low, high }: Estimate): string {
  return `${percent(mean)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} %`;
}

/** Columns wide enough for what is in them; the first to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => (row[column] ?? '').length));
  return rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(width(at)) : cell.padStart(width(at)))).join('  '),
  );
}
