import { type ArgsDef, type CommandContext, defineCommand, runCommand, showUsage } from 'citty';
import { checkKnown, fillIn } from './options.js';

/** One command: its words, and what it does with them. The code behind it is loaded when it is called. */
export function command<const T extends ArgsDef>(
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
