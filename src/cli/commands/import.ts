import type { Config } from '../../config/config.js';
import { systemClock } from '../../domain/clock.js';
import { importFolder } from '../../importing/importFolder.js';
import type { FileCounts, ImportFormat } from '../../importing/types.js';
import { count, createProgress } from '../progress.js';
import { withStores } from '../withStores.js';

/** Imports a folder and prints what came of each file. Each broken row is named on stderr. */
export async function importCommand(config: Config, format: ImportFormat, dir: string, tenant: string): Promise<void> {
  const counts = await withStores(config, async ({ postgres }) => {
    const progress = createProgress(`Import ${format}`);
    try {
      const counts = await importFolder(
        {
          stores: postgres,
          tenant,
          clock: systemClock,
          onReject: (file, line, reason) => progress.note(`${file}:${line}: ${reason}`),
          onProgress: (step) => progress.update(step),
        },
        format,
        dir,
      );
      progress.done(summary(counts));
      return counts;
    } catch (error) {
      progress.failed();
      throw error;
    }
  });
  const width = Math.max(...counts.map(({ file }) => file.length));
  for (const { file, rows, created, existing, rejected } of counts) {
    const parts = [`${count(rows)} rows`];
    if (created > 0) parts.push(`${count(created)} new`);
    if (existing > 0) parts.push(`${count(existing)} already there`);
    if (rejected > 0) parts.push(`${count(rejected)} left out`);
    console.log(`  ${file.padEnd(width)}  ${parts.join(', ')}`);
  }
}

function summary(counts: readonly FileCounts[]): string {
  const total = (pick: (one: FileCounts) => number) => count(counts.reduce((sum, one) => sum + pick(one), 0));
  return `${total((one) => one.rows)} rows, ${total((one) => one.created)} new, ${total((one) => one.rejected)} left out`;
}
