import type { Action } from '../../domain/actions.js';
import { badInput, CurioError } from '../../domain/errors.js';
import { actingUser } from '../../services/access.js';
import { id, idOrNull } from '../arguments.js';
import { type GraphQLContext, identified } from '../context.js';

/**
 * Writes what one person does to another as an event of the log, the way all feedback goes; true once it is durable.
 * @throws CurioError BAD_USER_INPUT, FORBIDDEN or NOT_FOUND, which names the argument.
 */
export async function relate(
  context: GraphQLContext,
  args: { readonly id: string; readonly userId?: string | null },
  action: Extract<Action, 'FOLLOW' | 'UNFOLLOW' | 'BLOCK' | 'UNBLOCK'>,
): Promise<boolean> {
  const identity = identified(context);
  const other = id('id', args.id);
  const userId = actingUser(identity, idOrNull('userId', args.userId));
  if (other === userId) throw badInput('id', 'must be someone else');
  try {
    await context.services.feedback.send(identity.tenant, { userId, action, target: { userId: other } });
  } catch (error) {
    if (!(error instanceof CurioError) || error.extensions.field !== 'target.userId') throw error;
    throw new CurioError(error.code, `id names no user there is: "${other}"`, { field: 'id' });
  }
  return true;
}
