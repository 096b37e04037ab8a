import { readConfig } from '../../config/config.js';
import { command } from '../command.js';
import { oneOf, wholeNumber } from '../options.js';
import { LARGEST_SEED, MOST_ROWS, SEED, TENANT } from './shared.js';

/** What brings data in. */
export const data = {
  sample: command(
    'sample',
    'Fill the database with the generated sample world, or play its people',
    {
      users: { type: 'string', description: 'How many people', valueHint: 'n' },
      items: { type: 'string', description: 'How many lenses', valueHint: 'n' },
      seed: SEED,
      tenant: TENANT,
      live: { type: 'boolean', description: 'Play people against the running server until stopped' },
      url: { type: 'string', description: 'The server to play against', valueHint: 'url' },
      rate: { type: 'string', description: 'Actions per second', default: '50', valueHint: 'n' },
      duration: { type: 'string', description: 'Stop after so many seconds', valueHint: 'n' },
    },
    async ({ args }) => {
      const config = readConfig();
      const world = {
        users: wholeNumber('--users', args.users, 1, MOST_ROWS),
        items: wholeNumber('--items', args.items, 1, MOST_ROWS),
        seed: wholeNumber('--seed', args.seed, 0, LARGEST_SEED) ?? 1,
        tenant: args.tenant ?? config.defaultTenant,
      };
      const { liveCommand, sampleCommand } = await import('../commands/sample.js');
      if (!args.live) return sampleCommand(config, world);
      return liveCommand(config, {
        ...world,
        url: args.url ?? null,
        rate: wholeNumber('--rate', args.rate, 1, 100_000) ?? 50,
        durationSeconds: wholeNumber('--duration', args.duration, 1, 1_000_000),
      });
    },
  ),
  import: command(
    'import',
    'Import the files of a folder',
    {
      format: { type: 'positional', description: 'movielens, csv, jsonl or gorse', required: true },
      dir: { type: 'positional', description: 'The folder', required: true },
      tenant: TENANT,
    },
    async ({ args }) => {
      const config = readConfig();
      const format = oneOf('The format', args.format, ['movielens', 'csv', 'jsonl', 'gorse']);
      const { importCommand } = await import('../commands/import.js');
      await importCommand(config, format, args.dir, args.tenant ?? config.defaultTenant);
    },
  ),
};
