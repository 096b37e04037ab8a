import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { DURATION_BUCKETS, type Meter } from '../../domain/meter.js';
import type { GraphQLContext } from '../context.js';

/**
 * Rate, errors and duration of operations, named after the one field they ask for: callers choose the names of operations, and
 * could choose a new one each time.
 */
export function measure(meter: Meter): ApolloServerPlugin<GraphQLContext> {
  const observe = meter.histogram(
    'curio_operation_duration_seconds',
    'Time to answer a GraphQL operation',
    DURATION_BUCKETS,
    ['operation'],
  );
  const failed = meter.counter('curio_operation_errors_total', 'GraphQL operations answered with an error, by code', [
    'operation',
    'code',
  ]);
  const names = new WeakMap<OperationDefinitionNode, string>();
  const nameOf = (operation: OperationDefinitionNode | undefined): string => {
    if (operation === undefined) return 'invalid';
    const name = names.get(operation) ?? rootField(operation);
    names.set(operation, name);
    return name;
  };
  return {
    async requestDidStart() {
      const started = performance.now();
      const listener: GraphQLRequestListener<GraphQLContext> = {
        async willSendResponse({ operation, contextValue: { summary } }) {
          const name = nameOf(operation);
          observe({ operation: name }, (performance.now() - started) / 1000);
          for (const code of summary.errorCodes) failed({ operation: name, code });
        },
      };
      return listener;
    },
  };
}

function rootField({ selectionSet: { selections } }: OperationDefinitionNode): string {
  const [first] = selections;
  if (selections.length > 1 || first?.kind !== Kind.FIELD) return 'several';
  return first.name.value;
}
