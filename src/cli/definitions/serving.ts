import { readConfig } from '../../config/config.js';
import { command } from '../command.js';
import { oneOf, wholeNumber } from '../options.js';

/** What runs a server. */
export const serving = {
  start: command(
    'start',
    'Do everything: migrate, load the sample world and train where there is none, serve',
    {},
    async () => {
      const { startCommand } = await import('../commands/start.js');
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
      const { serveCommand } = await import('../commands/serve.js');
      const role = args.role === undefined ? config.role : oneOf('--role', args.role, ['all', 'api', 'worker']);
      await serveCommand({ ...config, port, role });
    },
  ),
  migrate: command('migrate', 'Bring the database to the current schema', {}, async () => {
    const { migrateCommand } = await import('../commands/migrate.js');
    await migrateCommand(readConfig());
  }),
};
