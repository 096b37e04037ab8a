import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Log } from '../domain/log.js';
import type { Meter } from '../domain/meter.js';
import type { Tracer } from '../domain/tracer.js';
import type { GraphQLContext } from './context.js';
import { presentError } from './errors.js';
import { createExecutor } from './execution/executor.js';
import { limitsRule, MAX_TOKENS } from './limits/rule.js';
import { createMask } from './mask.js';
import type { PersistedOperations } from './persisted.js';
import { admission } from './plugins/admission.js';
import { cacheHints } from './plugins/cacheHints.js';
import { compiledExecution } from './plugins/compiledExecution.js';
import { degradedLists } from './plugins/degradedLists.js';
import { subscriptionsElsewhere } from './plugins/elsewhere.js';
import { maskErrors } from './plugins/maskErrors.js';
import { measure } from './plugins/measure.js';
import { summarise } from './plugins/summarise.js';
import { buildSchema } from './schema.js';

export interface ApolloDeps {
  readonly introspection: boolean;
  /** Serve as a subgraph. */
  readonly federation: boolean;
  /** What one operation may cost at most. */
  readonly maxCost: number;
  readonly persisted: PersistedOperations;
  readonly log: Log;
  readonly meter: Meter;
  readonly tracer: Tracer;
}

/** One takes some tens of kilobytes. */
const COMPILED_OPERATIONS = 500;

/** A started Apollo Server whose behaviour depends on nothing but its arguments. */
export async function startApollo(deps: ApolloDeps): Promise<ApolloServer<GraphQLContext>> {
  const { introspection, federation, maxCost, persisted, log, meter, tracer } = deps;
  const schema = buildSchema({ federation });
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
    persistedQueries: { cache: persisted.cache },
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
      subscriptionsElsewhere(),
      admission({ schema, maxCost, cacheSize: COMPILED_OPERATIONS }),
      compiledExecution({ executor: createExecutor({ schema, cacheSize: COMPILED_OPERATIONS }), mask, tracer }),
      maskErrors({ mask, log }),
      degradedLists(),
      cacheHints({ schema, cacheSize: COMPILED_OPERATIONS }),
      summarise(),
      measure(meter),
    ],
  });
  await apollo.start();
  return apollo;
}
