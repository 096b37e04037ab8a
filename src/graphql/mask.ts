import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import type { Log } from '../domain/log.js';
import type { GraphQLContext } from './context.js';
import { presentError } from './errors.js';

export interface MaskDeps {
  readonly log: Log;
  /** Leaves out suggestions that name parts of the schema. */
  readonly hideSchema: boolean;
}

/**
 * Each error leaves with a code of ours and the request id. What is not the caller's fault is "Internal server error",
 * and its cause is logged once, however many places of the answer it spoils.
 */
export type Mask = (
  errors: readonly unknown[],
  context: GraphQLContext,
  document: DocumentNode | undefined,
) => GraphQLFormattedError[];

export function createMask({ log, hideSchema }: MaskDeps): Mask {
  return (errors, { requestId, summary }, document) => {
    const logged = new Set<unknown>();
    return errors.map((error) => {
      const { formatted, internal } = presentError(error, { hideSchema, document });
      if (internal !== null && !logged.has(internal)) {
        logged.add(internal);
        log.error({ err: internal, requestId, path: formatted.path?.join('.') }, 'a resolver failed');
      }
      summary.errorCodes.add(formatted.extensions.code);
      return { ...formatted, extensions: { ...formatted.extensions, requestId } };
    });
  };
}
