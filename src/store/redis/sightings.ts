import { z } from 'zod';
import { SIGHTINGS_KEPT_MS, SIGHTINGS_LIMIT, type Sightings } from '../ports/sightings.js';
import type { Link } from './link.js';
import { createScript } from './script.js';

/** Keys looked at by one script: about a millisecond during which Redis does nothing else. */
const AT_ONCE = 250;

/** KEYS: the scope. ARGV: limit, expiry, then keys and moments. Answers the moment before for each; '' for never. */
const SEE = createScript(`
  local before = {}
  for i = 3, #ARGV, 2 do
    local last = redis.call('ZSCORE', KEYS[1], ARGV[i])
    before[#before + 1] = last or ''
    if not last or tonumber(ARGV[i + 1]) > tonumber(last) then redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i]) end
  end
  local beyond = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
  if beyond > 0 then redis.call('ZREMRANGEBYRANK', KEYS[1], 0, beyond - 1) end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return before
`);

const reply = z.array(z.string());

/** A sorted set a scope, by the moment; decided in scripts, so that two nodes never count the same thing. */
export function createRedisSightings({ link, prefix }: { readonly link: Link; readonly prefix: string }): Sightings {
  return {
    async see(scope, sightings) {
      const before: (number | null)[] = [];
      for (let from = 0; from < sightings.length; from += AT_ONCE) {
        const pairs = sightings.slice(from, from + AT_ONCE).flatMap(({ key, at }) => [key, at]);
        const args = [SIGHTINGS_LIMIT, SIGHTINGS_KEPT_MS, ...pairs];
        const answer = await link.run((redis) => SEE.run(redis, [prefix + scope], args));
        for (const last of reply.parse(answer)) before.push(last === '' ? null : Number(last));
      }
      return before;
    },
    async clear(scope) {
      await link.run((redis) => redis.unlink(prefix + scope));
    },
    async dispose() {},
  };
}
