import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Log } from '../domain/log.js';
import type { GraphQLContext } from './context.js';
import { presentError } from './errors.js';
import { createExecutor } from './execution/executor.js';
import { limitsRule, MAX_TOKENS } from './limits/rule.js';
import { createMask } from './mask.js';
import { compiledExecution } from './plugins/compiledExecution.js';
import { maskErrors } from './plugins/maskErrors.js';
import { summarise } from './plugins/summarise.js';
import { buildSchema } from './schema.js';

export interface ApolloDeps {
  readonly introspection: boolean;
  readonly log: Log;
}

/** One takes some tens of kilobytes. */
const COMPILED_OPERATIONS = 500;

/** A started Apollo Server whose behaviour depends on nothing but its arguments. */
export async function startApollo({ introspection, log }: ApolloDeps): Promise<ApolloServer<GraphQLContext>> {
  const schema = buildSchema();
  const say = (message: unknown) => log.debug(String(message));
  const hideSchema = !introspection;
  const mask = createMask({ log, hideSchema });
  const apollo = new ApolloServer<GraphQLContext>({
    schema,
    introspection,
    // Apollo's defaults follow NODE_ENV, and would differ between machines.
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [limitsRule],
    validationOptions: { maxErrors: 20 },
    // What it calls an error also comes to `maskErrors`, with the request it belongs to.
    logger: { debug() {}, info() {}, warn: say, error: say },
    // For requests that never become an operation; `maskErrors` has the last word on the others.
    formatError: (_formatted, error) => presentError(error, { hideSchema }).formatted,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      compiledExecution({ executor: createExecutor({ schema, cacheSize: COMPILED_OPERATIONS }), mask }),
      maskErrors({ mask, log }),
      summarise(),
    ],
  });
  await apollo.start();
  return apollo;
}
