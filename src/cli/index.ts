import { cac } from 'cac';
import { readConfig } from '../config/config.js';
import { doctor, printReport } from './commands/doctor.js';
import { importCommand } from './commands/import.js';
import { migrateCommand } from './commands/migrate.js';
import { deployCommand, modelsCommand, rollbackCommand } from './commands/models.js';
import { liveCommand, sampleCommand } from './commands/sample.js';
import { serveCommand } from './commands/serve.js';
import { startCommand } from './commands/start.js';
import { tokenCommand } from './commands/token.js';
import { trainCommand } from './commands/train.js';
import { describeFailure } from './failure.js';
import { oneOf, optionalTime, wholeNumber } from './options.js';

/** `curio <command>`: parses the words, calls one command, and says in one line why it failed. */
export async function main(argv: readonly string[]): Promise<void> {
  const cli = cac('curio');
  const config = () => readConfig();
  const tenant = (options: { tenant?: unknown }) =>
    options.tenant === undefined ? config().defaultTenant : String(options.tenant);

  cli
    .command('start', 'Do everything: migrate, load the sample world and train when there is none, serve')
    .action(() => startCommand(config()));
  cli
    .command('serve', 'Serve what is there')
    .option('--port <n>', 'Port to listen on')
    .action((options) => {
      const base = config();
      return serveCommand({ ...base, port: wholeNumber('--port', options.port, 0, 65535) ?? base.port });
    });
  cli.command('migrate', 'Bring the database to the current schema').action(() => migrateCommand(config()));
  cli
    .command('sample', 'Fill the database with the generated sample world, or play its people')
    .option('--users <n>', 'How many people')
    .option('--items <n>', 'How many lenses')
    .option('--seed <n>', 'The same seed makes the same world', { default: 1 })
    .option('--tenant <t>', 'Whose world')
    .option('--live', 'Play people against the running server until stopped')
    .option('--url <url>', 'The server to play against')
    .option('--rate <n>', 'Actions per second')
    .option('--duration <seconds>', 'Stop after that long')
    .action((options) => {
      const world = {
        users: wholeNumber('--users', options.users, 1, 10_000_000),
        items: wholeNumber('--items', options.items, 1, 10_000_000),
        seed: wholeNumber('--seed', options.seed, 0, 2 ** 32 - 1) ?? 1,
        tenant: tenant(options),
      };
      if (!options.live) return sampleCommand(config(), world);
      return liveCommand(config(), {
        ...world,
        url: options.url === undefined ? null : String(options.url),
        rate: wholeNumber('--rate', options.rate, 1, 100_000) ?? 50,
        durationSeconds: wholeNumber('--duration', options.duration, 1, 1_000_000),
      });
    });
  cli
    .command('import <format> <dir>', 'Import movielens, csv, jsonl or gorse files from a folder')
    .option('--tenant <t>', 'Whose data')
    .action((format, dir, options) =>
      importCommand(
        config(),
        oneOf('format', format, ['movielens', 'csv', 'jsonl', 'gorse']),
        String(dir),
        tenant(options),
      ),
    );
  cli
    .command('train', 'Train a model version from the event log, register it and put it to work')
    .option('--until <time>', 'Learn only from events before this moment (ISO 8601)')
    .option('--seed <n>', 'The same events and seed make the same model', { default: 1 })
    .option('--tenant <t>', 'Whose log')
    .option('--no-deploy', 'Only register it')
    .action((options) =>
      trainCommand(config(), {
        until: optionalTime('--until', options.until),
        seed: wholeNumber('--seed', options.seed, 0, 2 ** 32 - 1) ?? 1,
        tenant: tenant(options),
        deploy: options.deploy !== false,
      }),
    );
  cli
    .command('models', 'List the model versions')
    .option('--tenant <t>', 'Whose models')
    .action((options) => modelsCommand(config(), tenant(options)));
  cli
    .command('deploy <version>', 'Put a registered version to work')
    .option('--tenant <t>', 'Whose model')
    .action((version, options) => deployCommand(config(), tenant(options), String(version)));
  cli
    .command('rollback', 'Go back to the version deployed before')
    .option('--tenant <t>', 'Whose model')
    .action((options) => rollbackCommand(config(), tenant(options)));
  cli
    .command('token', 'Print a signed token')
    .option('--user <id>', 'Who it speaks for; may be left out for a service')
    .option('--role <role>', 'user, service or admin', { default: 'user' })
    .option('--tenant <t>', 'Whose data it opens')
    .option('--hours <n>', 'How long it is good for', { default: 24 })
    .action((options) =>
      tokenCommand(config(), {
        userId: options.user === undefined ? null : String(options.user),
        role: oneOf('--role', options.role, ['user', 'service', 'admin']),
        tenant: tenant(options),
        hours: wholeNumber('--hours', options.hours, 1, 24 * 365) ?? 24,
      }),
    );
  cli
    .command('doctor', 'Say which native parts, servers and settings were found, and what each lack costs')
    .action(async () => printReport(await doctor(config())));
  cli.help();
  cli.version('0.1.0');

  try {
    cli.parse([...argv], { run: false });
    if (cli.matchedCommand === undefined && !cli.options.help && !cli.options.version) {
      if (cli.args.length > 0) throw new Error(`There is no command ${cli.args[0]}; see curio --help.`);
      cli.outputHelp();
      return;
    }
    await cli.runMatchedCommand();
  } catch (error) {
    console.error(describeFailure(error));
    process.exitCode = 1;
  }
}
