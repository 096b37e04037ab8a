import { readConfig } from '../../config/config.js';
import { command } from '../command.js';
import { oneOf, wholeNumber } from '../options.js';
import { TENANT } from './shared.js';

/** What lets callers in. */
export const access = {
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
      const { tokenCommand } = await import('../commands/token.js');
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
      const { keyCommand, readRates, revokeKeyCommand } = await import('../commands/key.js');
      if (args.revoke !== undefined) return revokeKeyCommand(config, args.revoke);
      if (args.name === undefined || args.name === '') throw new Error('--name must say what the key is for.');
      const role = oneOf('--role', args.role, ['service', 'admin']);
      const tenant = args.tenant ?? config.defaultTenant;
      await keyCommand(config, { tenant, name: args.name, role, rates: readRates(args.rates ?? '') });
    },
  ),
};
