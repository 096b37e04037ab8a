import { ReplyError } from 'ioredis';

/** Whether an error says that Redis does not answer as it should, rather than that it refused a command. */
export function isRedisAway(error: unknown): boolean {
  return !(error instanceof ReplyError);
}
