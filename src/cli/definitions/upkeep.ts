import { readConfig } from '../../config/config.js';
import { command } from '../command.js';
import { wholeNumber } from '../options.js';
import { TENANT } from './shared.js';

/** What an operator does now and then. */
export const upkeep = {
  retain: command(
    'retain',
    'Delete raw events and shown lists that are too old',
    { days: { type: 'string', description: 'How many days are kept (CURIO_RETENTION_DAYS)', valueHint: 'n' } },
    async ({ args }) => {
      const config = readConfig();
      const { retainCommand } = await import('../commands/retain.js');
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
      const { exportUserCommand } = await import('../commands/exportUser.js');
      await exportUserCommand(config, args.tenant ?? config.defaultTenant, args.id);
    },
  ),
  doctor: command(
    'doctor',
    'Say which native parts, servers and settings were found, and what each lack costs',
    {},
    async () => {
      const { doctor, printReport } = await import('../commands/doctor.js');
      printReport(await doctor(readConfig()));
    },
  ),
};
