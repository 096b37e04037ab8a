import { readConfig } from '../../config/config.js';
import { command } from '../command.js';
import { oneOf, optionalTime, wholeNumber } from '../options.js';
import { LARGEST_SEED, MOST_MINUTES, SEED, TENANT, TUNE } from './shared.js';

/** What makes, judges and switches model versions. */
export const models = {
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
      const { trainCommand } = await import('../commands/train.js');
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
      const { evaluateCommand } = await import('../commands/evaluate.js');
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
    const { modelsCommand } = await import('../commands/models.js');
    await modelsCommand(config, args.tenant ?? config.defaultTenant);
  }),
  deploy: command(
    'deploy',
    'Put a registered version to work',
    { version: { type: 'positional', description: 'See `curio models`', required: true }, tenant: TENANT },
    async ({ args }) => {
      const config = readConfig();
      const { deployCommand } = await import('../commands/models.js');
      await deployCommand(config, args.tenant ?? config.defaultTenant, args.version);
    },
  ),
  rollback: command('rollback', 'Go back to the version deployed before', { tenant: TENANT }, async ({ args }) => {
    const config = readConfig();
    const { rollbackCommand } = await import('../commands/models.js');
    await rollbackCommand(config, args.tenant ?? config.defaultTenant);
  }),
};
