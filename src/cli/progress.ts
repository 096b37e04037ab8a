import type { Progress } from '../domain/progress.js';
import type { TrainingStep } from '../learning/progress.js';

const TERMINAL_INTERVAL_MS = 100;
const LOG_INTERVAL_MS = 5_000;
const CLEAR_LINE = '\r\u001b[K';

/** The part of a stream that drawing needs; `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** @default process.stderr, so that results on stdout stay clean */
  readonly stream?: ProgressStream;
  /** Milliseconds. @default performance.now */
  readonly now?: () => number;
}

export interface ShownProgress extends Progress {
  update(step: TrainingStep): void;
  /** A line that stays, above what is being drawn. */
  note(line: string): void;
}

/** Shows long work: on a terminal one line that is drawn again, elsewhere a line every five seconds; one last line at the end. */
export function createProgress(label: string, options: ProgressOptions = {}): ShownProgress {
  const stream = options.stream ?? process.stderr;
  const now = options.now ?? (() => performance.now());
  const terminal = stream.isTTY === true;
  const started = now();
  let stageStarted = started;
  let shownAt = terminal ? Number.NEGATIVE_INFINITY : started;
  let step: TrainingStep | null = null;

  const show = () => {
    const time = now();
    if (time - shownAt < (terminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    shownAt = time;
    const line = [label, ...describe(step, time - stageStarted), seconds(time - started)].join('  ');
    stream.write(terminal ? `${CLEAR_LINE}${line.slice(0, Math.max(1, (stream.columns ?? 80) - 1))}` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? 2 * TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS);
  // A forgotten progress line must not keep the process alive.
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    if (terminal) stream.write(CLEAR_LINE);
  };

  return {
    update(next) {
      if (next.stage !== step?.stage) stageStarted = now();
      step = next;
      show();
    },
    done(summary = 'done') {
      stop();
      stream.write(`${label}: ${summary} (${seconds(now() - started)})\n`);
    },
    failed: stop,
    note(line) {
      stream.write(terminal ? `${CLEAR_LINE}${line}\n` : `${line}\n`);
    },
  };
}

function describe(step: TrainingStep | null, elapsedMs: number): string[] {
  if (step === null) return ['…'];
  const parts = [step.stage];
  if (step.fraction !== undefined) parts.push(`${Math.floor(100 * Math.min(1, step.fraction))} %`);
  if (step.done !== undefined) {
    const unit = step.unit ?? 'rows';
    parts.push(`${count(step.done)} ${unit}`);
    if (elapsedMs > 0) parts.push(`${count((1000 * step.done) / elapsedMs)} ${unit}/s`);
  }
  if (step.step !== undefined && step.of !== undefined) parts.push(`${count(step.step)} of ${count(step.of)}`);
  if (step.loss !== undefined) parts.push(`loss ${Number(step.loss.toPrecision(6))}`);
  if (step.secondsLeft !== undefined) parts.push(`${step.secondsLeft.toFixed(0)} s left`);
  return parts;
}

/** 1234567 as `1,234,567`. */
export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
