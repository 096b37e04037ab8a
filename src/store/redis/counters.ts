import { z } from 'zod';
import { checkAmounts } from '../checks.js';
import { KEPT, LONGEST_RUN } from '../decay.js';
import { BOARD_LIMIT, type Board, type Counters, FADED } from '../ports/counters.js';
import type { Link } from './link.js';
import { decodeMember, encodeMember } from './member.js';
import { createScript } from './script.js';

/** A board nobody adds to for so many half-lives has faded altogether; its keys expire, after an hour at least. */
const FORGOTTEN_HALF_LIVES = 128;
const SHORTEST_EXPIRY_MS = 3_600_000;

/** Members added by one script: about 2 ms during which Redis does nothing else. */
const ADD_PAIRS = 1_000;

/**
 * KEYS: scores, landmark. ARGV: at, half-life, expiry, longest run, faded, limit, kept, then members and amounts.
 * Scores are negative, so that rank order is largest first and equal scores go by member.
 */
const ADD = createScript(`
  local at, halfLife = tonumber(ARGV[1]), tonumber(ARGV[2])
  local landmark = redis.call('GET', KEYS[2])
  if landmark then
    landmark = tonumber(landmark)
  else
    redis.call('DEL', KEYS[1])
    landmark = at
    redis.call('SET', KEYS[2], string.format('%.17g', landmark))
  end
  local halfLives = math.floor((at - landmark) / halfLife)
  if halfLives > tonumber(ARGV[4]) then
    landmark = landmark + halfLives * halfLife
    redis.call('SET', KEYS[2], string.format('%.17g', landmark))
    redis.call('ZUNIONSTORE', KEYS[1], 1, KEYS[1], 'WEIGHTS', string.format('%.17g', 2 ^ -halfLives))
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '(-' .. ARGV[5], '+inf')
  end
  local weight = 2 ^ ((at - landmark) / halfLife)
  for i = 8, #ARGV, 2 do
    local score = tonumber(ARGV[i + 1]) * weight
    if score > 0 then redis.call('ZINCRBY', KEYS[1], string.format('%.17g', -score), ARGV[i]) end
  end
  if redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[6]) then
    redis.call('ZREMRANGEBYRANK', KEYS[1], ARGV[7], -1)
  end
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
`);

/** KEYS: scores, landmark. ARGV: limit. Answers the landmark, then members and scores in turn; nothing for no board. */
const TOP = createScript(`
  local landmark = redis.call('GET', KEYS[2])
  if not landmark then return {} end
  return { landmark, redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES') }
`);

/** KEYS: scores, landmark. ARGV: members. Answers the landmark, then their scores; nothing for no board. */
const GET = createScript(`
  local landmark = redis.call('GET', KEYS[2])
  if not landmark then return {} end
  local scores = {}
  for i = 1, #ARGV do scores[i] = redis.call('ZSCORE', KEYS[1], ARGV[i]) end
  return { landmark, scores }
`);

const empty = z.tuple([]);
const topReply = z.union([z.tuple([z.string(), z.array(z.string())]), empty]);
const getReply = z.union([z.tuple([z.string(), z.array(z.string().nullable())]), empty]);

/**
 * Forward decay in sorted sets: the arithmetic of the memory adapter, in scripts, so that nodes do not
 * disturb each other. While Redis is away every operation throws `StoreAway`, because a caller must know: who reads falls back,
 * who adds rebuilds from the log later.
 */
export function createRedisCounters({ link, prefix }: { readonly link: Link; readonly prefix: string }): Counters {
  const keysOf = (board: Board) => {
    const scores = `${prefix}${board.halfLifeMs}:${board.name}`;
    return [scores, `${scores}:landmark`];
  };
  return {
    async add(board, amounts, at) {
      checkAmounts(amounts);
      const expiry = Math.max(SHORTEST_EXPIRY_MS, Math.ceil(board.halfLifeMs * FORGOTTEN_HALF_LIVES));
      const settings = [at, board.halfLifeMs, expiry, LONGEST_RUN, FADED, BOARD_LIMIT, KEPT];
      const pairs = [...amounts].flatMap(([member, amount]) => [encodeMember(member), amount]);
      for (let i = 0; i < pairs.length; i += ADD_PAIRS * 2) {
        const slice = pairs.slice(i, i + ADD_PAIRS * 2);
        await link.run((redis) => ADD.run(redis, keysOf(board), [...settings, ...slice]));
      }
    },
    async top(board, limit, at) {
      if (limit < 1) return [];
      const reply = await link.run((redis) => TOP.run(redis, keysOf(board), [limit]));
      const [landmark, flat = []] = topReply.parse(reply);
      const fade = fadeOf(board, landmark, at);
      const ranked: { member: string; count: number }[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2) {
        const count = -Number(flat[i + 1]) * fade;
        if (count >= FADED) ranked.push({ member: decodeMember(flat[i] ?? ''), count });
      }
      return ranked;
    },
    async get(board, members, at) {
      if (members.length === 0) return [];
      const reply = await link.run((redis) => GET.run(redis, keysOf(board), members.map(encodeMember)));
      const [landmark, scores = []] = getReply.parse(reply);
      const fade = fadeOf(board, landmark, at);
      return members.map((_, i) => (0 - Number(scores[i] ?? 0)) * fade);
    },
    async remove(board, member) {
      const [scores = ''] = keysOf(board);
      await link.run((redis) => redis.zrem(scores, encodeMember(member)));
    },
    async clear(board) {
      await link.run((redis) => redis.del(...keysOf(board)));
    },
    async dispose() {},
  };
}

/** What a weight counted from the landmark is worth at `at`. */
function fadeOf(board: Board, landmark: string | undefined, at: number): number {
  return landmark === undefined ? 0 : 2 ** ((Number(landmark) - at) / board.halfLifeMs);
}
