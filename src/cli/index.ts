import { type ArgsDef, type CommandContext, defineCommand, runCommand, showUsage } from 'citty';
import { readConfig } from '../config/config.js';
import { readCodeVersion } from '../registry/codeVersion.js';
import { describeFailure } from './failure.js';
import { checkKnown, fillIn, oneOf, optionalTime, wholeNumber } from './options.js';

const MOST_ROWS = 10_000_000;
const LARGEST_SEED = 2 ** 32 - 1;

const TENANT = { type: 'string', description: 'Whose data (CURIO_DEFAULT_TENANT)', valueHint: 'id' } as const;
const SEED = {
  type: 'string',
  description: 'The same seed makes the same result',
  default: '1',
  valueHint: 'n',
} as const;

const TUNE = {
  type: 'string',
  description: 'Search the parameters first, for so many minutes (5)',
  valueHint: 'minutes',
} as const;
const MOST_MINUTES = 24 * 60;

/** One command: its words, and what it does with them. The code behind it is loaded when it is called. */
function command<const T extends ArgsDef>(
  name: string,
  description: string,
  args: T,
  run: (context: CommandContext<T>) => Promise<void>,
) {
  const definition = defineCommand({
    meta: { name, description },
    args,
    setup: ({ args: given }) => checkKnown(given, args),
    run,
  });
  return {
    definition,
    run: (rawArgs: string[]) => runCommand(definition, { rawArgs: fillIn(rawArgs, { '--tune': '5' }) }),
    help: () => showUsage(definition, { meta: { name: 'curio' } }),
  };
}

const commands = {
  start: command(
    'start',
    'Do everything: migrate, load the sample world and train where there is none, serve',
    {},
    async () => {
      const { startCommand } = await import('./commands/start.js');
      await startCommand(readConfig());
    },
  ),
  serve: command(
    'serve',
    'Serve what is there',
    {
      port: { type: 'string', description: 'Port to listen on (CURIO_PORT)', valueHint: 'n' },
      role: {
        type: 'string',
        description: 'all, api (answer) or worker (work behind the answers) (CURIO_ROLE)',
        valueHint: 'role',
      },
    },
    async ({ args }) => {
      const config = readConfig();
      const port = wholeNumber('--port', args.port, 0, 65_535) ?? config.port;
      const { serveCommand } = await import('./commands/serve.js');
      const role = args.role === undefined ? config.role : oneOf('--role', args.role, ['all', 'api', 'worker']);
      await serveCommand({ ...config, port, role });
    },
  ),
  migrate: command('migrate', 'Bring the database to the current schema', {}, async () => {
    const { migrateCommand } = await import('./commands/migrate.js');
    await migrateCommand(readConfig());
  }),
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
      const { liveCommand, sampleCommand } = await import('./commands/sample.js');
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
      const { importCommand } = await import('./commands/import.js');
      await importCommand(config, format, args.dir, args.tenant ?? config.defaultTenant);
    },
  ),
  train: command(
    'train',
    'Train a model version from the event log, register it and put it to work',
    {
      until: { type: 'string', description: 'Learn only from events before this moment (ISO 8601)', valueHint: 'time' },
      tune: TUNE,
      seed: SEED,
      tenant: TENANT,
      deploy: { type: 'boolean', default: true, negativeDescription: 'Only register it' },
    },
    async ({ args }) => {
      const config = readConfig();
      const { trainCommand } = await import('./commands/train.js');
      await trainCommand(config, {
        until: optionalTime('--until', args.until),
        tuneMinutes: wholeNumber('--tune', args.tune, 1, MOST_MINUTES),
        seed: wholeNumber('--seed', args.seed, 0, LARGEST_SEED) ?? 1,
        tenant: args.tenant ?? config.defaultTenant,
        deploy: args.deploy,
      });
    },
  ),
  evaluate: command(
    'evaluate',
    'Measure how well the models rank what came later, and print it as a table',
    {
      version: {
        type: 'positional',
        description: 'Judge this version by what happened after it; without, one is trained on the training slice',
        required: false,
      },
      protocol: {
        type: 'string',
        description: 'temporal, leave-last-one or files',
        default: 'temporal',
        valueHint: 'protocol',
      },
      train: { type: 'string', description: 'For files: lines of `user item item …`', valueHint: 'file' },
      test: { type: 'string', description: 'For files: the same, to judge by', valueHint: 'file' },
      tune: TUNE,
      json: { type: 'boolean', description: 'Print JSON' },
      seed: SEED,
      tenant: TENANT,
    },
    async ({ args }) => {
      const config = readConfig();
      const { evaluateCommand } = await import('./commands/evaluate.js');
      await evaluateCommand(config, {
        protocol: oneOf('--protocol', args.protocol, ['temporal', 'leave-last-one', 'files']),
        version: args.version ?? null,
        train: args.train ?? null,
        test: args.test ?? null,
        tuneMinutes: wholeNumber('--tune', args.tune, 1, MOST_MINUTES),
        json: args.json === true,
        seed: wholeNumber('--seed', args.seed, 0, LARGEST_SEED) ?? 1,
        tenant: args.tenant ?? config.defaultTenant,
      });
    },
  ),
  models: command('models', 'List the model versions', { tenant: TENANT }, async ({ args }) => {
    const config = readConfig();
    const { modelsCommand } = await import('./commands/models.js');
    await modelsCommand(config, args.tenant ?? config.defaultTenant);
  }),
  deploy: command(
    'deploy',
    'Put a registered version to work',
    { version: { type: 'positional', description: 'See `curio models`', required: true }, tenant: TENANT },
    async ({ args }) => {
      const config = readConfig();
      const { deployCommand } = await import('./commands/models.js');
      await deployCommand(config, args.tenant ?? config.defaultTenant, args.version);
    },
  ),
  rollback: command('rollback', 'Go back to the version deployed before', { tenant: TENANT }, async ({ args }) => {
    const config = readConfig();
    const { rollbackCommand } = await import('./commands/models.js');
    await rollbackCommand(config, args.tenant ?? config.defaultTenant);
  }),
  token: command(
    'token',
    'Print a signed token',
    {
      user: { type: 'string', description: 'Who it speaks for; may be left out for a service', valueHint: 'id' },
      role: { type: 'string', description: 'user, service or admin', default: 'user', valueHint: 'role' },
      tenant: TENANT,
      hours: { type: 'string', description: 'How long it is good for', default: '24', valueHint: 'n' },
    },
    async ({ args }) => {
      const config = readConfig();
      const { tokenCommand } = await import('./commands/token.js');
      await tokenCommand(config, {
        userId: args.user ?? null,
        role: oneOf('--role', args.role, ['user', 'service', 'admin']),
        tenant: args.tenant ?? config.defaultTenant,
        hours: wholeNumber('--hours', args.hours, 1, 24 * 365) ?? 24,
      });
    },
  ),
  key: command(
    'key',
    'Make an API key for a service and print it, or revoke one',
    {
      name: { type: 'string', description: 'What it is for; calls are counted under this name', valueHint: 'name' },
      role: { type: 'string', description: 'service or admin', default: 'service', valueHint: 'role' },
      tenant: TENANT,
      rates: {
        type: 'string',
        description: 'Limits of its own, for example recommendations=5000,feedback=9000',
        valueHint: 'limits',
      },
      revoke: { type: 'string', description: 'The key that shall not count any longer', valueHint: 'key' },
    },
    async ({ args }) => {
      const config = readConfig();
      const { keyCommand, readRates, revokeKeyCommand } = await import('./commands/key.js');
      if (args.revoke !== undefined) return revokeKeyCommand(config, args.revoke);
      if (args.name === undefined || args.name === '') throw new Error('--name must say what the key is for.');
      const role = oneOf('--role', args.role, ['service', 'admin']);
      const tenant = args.tenant ?? config.defaultTenant;
      await keyCommand(config, { tenant, name: args.name, role, rates: readRates(args.rates ?? '') });
    },
  ),
  retain: command(
    'retain',
    'Delete raw events and shown lists that are too old',
    { days: { type: 'string', description: 'How many days are kept (CURIO_RETENTION_DAYS)', valueHint: 'n' } },
    async ({ args }) => {
      const config = readConfig();
      const { retainCommand } = await import('./commands/retain.js');
      const days = wholeNumber('--days', args.days, 1, 36_500) ?? config.retentionDays;
      if (days === null) throw new Error('--days must say how many days are kept.');
      await retainCommand(config, days);
    },
  ),
  'export-user': command(
    'export-user',
    'Print everything that is kept of a person, as JSON',
    { id: { type: 'positional', description: 'Who', required: true }, tenant: TENANT },
    async ({ args }) => {
      const config = readConfig();
      const { exportUserCommand } = await import('./commands/exportUser.js');
      await exportUserCommand(config, args.tenant ?? config.defaultTenant, args.id);
    },
  ),
  doctor: command(
    'doctor',
    'Say which native parts, servers and settings were found, and what each lack costs',
    {},
    async () => {
      const { doctor, printReport } = await import('./commands/doctor.js');
      printReport(await doctor(readConfig()));
    },
  ),
};

const curio = defineCommand({
  meta: { name: 'curio', version: readCodeVersion(), description: 'Recommendations and discovery over GraphQL' },
  subCommands: Object.fromEntries(Object.entries(commands).map(([name, { definition }]) => [name, definition])),
});

/** `curio <command>`: calls one command, and says in one line why it failed. */
export async function main(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  const [name] = words;
  try {
    if (name === '--version') console.log(readCodeVersion());
    else if (name === undefined || name === '--help' || name === '-h') await showUsage(curio);
    else if (!isCommand(name)) throw new Error(`There is no command ${name}; see curio --help.`);
    else if (words.includes('--help')) await commands[name].help();
    else await commands[name].run(words.slice(1));
  } catch (error) {
    console.error(describeFailure(error));
    process.exitCode = 1;
  }
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
