import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createDataDir } from './embedded.js';

const bin = path.resolve(import.meta.dirname, '../../bin/curio.mjs');

/** A whole Curio as its users run it: the real command line, in a data folder of its own. */
export interface Curio {
  readonly dataDir: string;
  /** Runs a command to its end and answers what it printed to stdout. @throws with all it said when it fails. */
  run(...words: readonly string[]): Promise<string>;
  /**
   * Runs a command and kills it with `SIGKILL` when what it has printed to stdout matches, `afterMs` later. Answers whether
   * it was killed; false where it came to its end first.
   */
  kill(words: readonly string[], moment: RegExp, afterMs: number): Promise<boolean>;
  /** Starts a command that serves and resolves once it is ready. */
  serve(command?: 'serve' | 'start', ...words: readonly string[]): Promise<RunningServer>;
  dispose(): Promise<void>;
}

export interface RunningServer {
  readonly url: string;
  output(): string;
  /** Sends the signal and resolves with the exit code; null for a killed process. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
  /** Asks as an admin. */
  graphql<T>(query: string, variables?: object): Promise<GraphQLAnswer<T>>;
}

export interface GraphQLAnswer<T> {
  readonly data: T;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/**
 * `env` names the backends (`DATABASE_URL`, `REDIS_URL`); without them everything is embedded, in a database that is there
 * already, migrated and empty, unless it is to be `fresh`.
 */
export async function openCurio(env: Readonly<Record<string, string>>, { fresh = false } = {}): Promise<Curio> {
  const { dataDir, remove } = await createDataDir({ empty: fresh || env.DATABASE_URL !== undefined });
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...outer } = process.env;
  const settings = {
    ...outer,
    NODE_ENV: 'development',
    CURIO_DATA_DIR: dataDir,
    CURIO_PORT: '0',
    CURIO_LOG_LEVEL: 'warn',
    CURIO_RATE_RECOMMENDATIONS: '100000',
    CURIO_RATE_IP: '1000000',
    CURIO_RATE_COST: '100000000',
    CURIO_RATE_SERVICE: '1000000000',
    // Whole answers, however slow the machine.
    CURIO_DEADLINE_MS: '60000',
    CURIO_REQUEST_TIMEOUT_MS: '600000',
    ...env,
  };
  const running = new Set<ChildProcess>();

  const start = (words: readonly string[]) => {
    const child = spawn(process.execPath, [bin, ...words], { env: settings, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    running.add(child);
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', (code) => {
        running.delete(child);
        resolve(code);
      });
    });
    return { child, ended, output: () => printed, complaint: () => said + printed };
  };

  const run = async (...words: readonly string[]) => {
    const { ended, output, complaint } = start(words);
    const code = await ended;
    if (code !== 0) throw new Error(`curio ${words.join(' ')} ended with code ${code}:\n${complaint()}`);
    return output();
  };

  return {
    dataDir,
    run,
    async kill(words, moment, afterMs) {
      const { child, ended, output } = start(words);
      const watch = () => {
        if (!moment.test(output())) return;
        child.stdout.off('data', watch);
        setTimeout(() => child.kill('SIGKILL'), afterMs);
      };
      child.stdout.on('data', watch);
      return (await ended) === null;
    },
    async serve(command = 'serve', ...words) {
      const token = (await run('token', '--user', 'tester', '--role', 'admin')).trim();
      const { child, ended, output, complaint } = start([command, ...words]);
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', () => {
          const found = /ready at (http:\S+?)\/?\s/.exec(output());
          if (found?.[1] !== undefined) resolve(found[1]);
        });
        void ended.then((code) => reject(new Error(`curio ${command} ended with code ${code}:\n${complaint()}`)));
      });
      return {
        url,
        output,
        end(signal) {
          child.kill(signal);
          return ended;
        },
        async graphql<T>(query: string, variables: object = {}) {
          const response = await fetch(`${url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ query, variables }),
          });
          const answer: GraphQLAnswer<T> = await response.json();
          return answer;
        },
      };
    },
    async dispose() {
      for (const child of running) child.kill('SIGKILL');
      await remove();
    },
  };
}
