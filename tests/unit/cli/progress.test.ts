import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../src/cli/progress.js';

function recorder(isTTY: boolean, columns = 80) {
  let time = 0;
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return {
    written,
    progress: createProgress('Import', { stream, now: () => time }),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

describe('progress', () => {
  it('draws one line again and again on a terminal and leaves only the last', () => {
    const { written, progress, pass } = recorder(true);
    progress.update({ stage: 'ratings.csv' });
    pass(2_000);
    progress.update({ stage: 'ratings.csv', done: 100_000, unit: 'rows', fraction: 0.5 });
    pass(10);
    progress.update({ stage: 'ratings.csv', done: 100_001, unit: 'rows', fraction: 0.5 });
    progress.note('a line that stays');
    pass(1_000);
    progress.done('100,001 rows');
    expect(written).toEqual([
      '\r\u001b[KImport  ratings.csv  0.0 s',
      '\r\u001b[KImport  ratings.csv  50 %  100,000 rows  50,000 rows/s  2.0 s',
      '\r\u001b[Ka line that stays\n',
      '\r\u001b[K',
      'Import: 100,001 rows (3.0 s)\n',
    ]);
  });

  it('never draws a line that a narrow terminal would break', () => {
    const { written, progress } = recorder(true, 20);
    progress.update({ stage: 'a stage with a long name', done: 1 });
    expect(written[0]?.replace('\r\u001b[K', '').length).toBeLessThan(20);
    progress.failed();
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  it('shows the iteration of a trainer, its loss and what is left', () => {
    const { written, progress, pass } = recorder(true);
    pass(1_000);
    progress.update({ stage: 'tastes', step: 3, of: 12, fraction: 0.25, loss: 20123.456789, secondsLeft: 8.7 });
    progress.failed();
    expect(written[0]).toBe('\r\u001b[KImport  tastes  25 %  3 of 12  loss 20123.5  9 s left  1.0 s');
  });

  it('writes plain lines elsewhere, one in five seconds', () => {
    const { written, progress, pass } = recorder(false);
    for (let second = 0; second < 12; second++) {
      progress.update({ stage: 'ratings.csv', done: second * 10, unit: 'rows' });
      pass(1_000);
    }
    progress.done();
    expect(written).toEqual([
      'Import  ratings.csv  50 rows  10 rows/s  5.0 s\n',
      'Import  ratings.csv  100 rows  10 rows/s  10.0 s\n',
      'Import: done (12.0 s)\n',
    ]);
  });
});
