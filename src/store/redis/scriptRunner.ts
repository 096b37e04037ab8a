import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { createScript, type Script } from './script.js';

/** Redis 7.0 does not know this flag of the library's scripts, and refuses them whole. Without it they mean the same. */
const SHEBANG = /^#!lua[^\n]*\n/;

/**
 * The few commands @upstash/ratelimit uses, on ioredis. The library names its scripts by hashes it carries along; as
 * we run them without their first line, ours differ, so its hash only stands for a script that it gave us in full once.
 */
export function createScriptRunner(redis: Redis) {
  const scripts = new Map<string, Script>();

  function evalsha<TArgs extends unknown[], TData>(sha: string, keys: string[], args: TArgs): Promise<TData>;
  function evalsha(sha: string, keys: string[], args: readonly unknown[]): Promise<unknown> {
    const script = scripts.get(sha);
    // The library answers this by sending the text to `eval`.
    if (script === undefined) return Promise.reject(new Error('NOSCRIPT'));
    return script.run(redis, keys, args.map(String));
  }

  function evaluate(lua: string, keys: string[], args: readonly unknown[]): Promise<unknown> {
    const sha = createHash('sha1').update(lua).digest('hex');
    const script = createScript(lua.replace(SHEBANG, ''));
    scripts.set(sha, script);
    return script.run(redis, keys, args.map(String));
  }

  return { evalsha, eval: evaluate, get: notUsed, set: notUsed };
}

/** Only the library's dynamic limits read and write plain keys, and we do not turn them on. */
function notUsed(): Promise<never> {
  return Promise.reject(new Error('Dynamic limits are not in use'));
}
