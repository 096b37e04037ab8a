import { defineCommand, showUsage } from 'citty';
import { readCodeVersion } from '../registry/codeVersion.js';
import { access } from './definitions/access.js';
import { data } from './definitions/data.js';
import { models } from './definitions/models.js';
import { serving } from './definitions/serving.js';
import { upkeep } from './definitions/upkeep.js';
import { describeFailure } from './failure.js';

/** In the order of `curio --help`. */
const commands = { ...serving, ...data, ...models, ...access, ...upkeep };

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

export function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}
