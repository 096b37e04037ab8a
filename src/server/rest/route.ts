import type { z } from 'zod';
import { badInput } from '../../domain/errors.js';
import type { Identity, Role } from '../../domain/identity.js';
import type { Loaders } from '../../graphql/loaders/index.js';
import type { Charges } from '../../limits/gate.js';
import type { Limited } from '../../limits/limits.js';
import type { Services } from '../../services/services.js';
import type { PerformanceReport } from './performance.js';

/** One per request. */
export interface RestContext {
  readonly identity: Identity;
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Where a person calls from, as limits count it; null for services, who call for others. */
  readonly address: string | null;
  readonly signal: AbortSignal;
  readonly performance: () => PerformanceReport;
  /** Makes a model version serve the tenant. */
  readonly deploy: (tenant: string, version: string) => Promise<void>;
}

/** A route as it is written. Its input is one object: what the path names, then the query of a GET or the body of a POST. */
export interface Route<I extends z.ZodObject> {
  readonly method: 'GET' | 'POST';
  /** `{name}` stands for a member of the input. */
  readonly path: string;
  readonly summary: string;
  readonly input: I;
  readonly output: { readonly status: number; readonly schema: z.ZodType | null };
  /** Which limit a call counts towards, besides that of cost. */
  readonly limit?: Limited;
  readonly cost: (input: z.output<I>) => number;
  /** Everyone, where it is left out. */
  readonly roles?: readonly Role[];
  readonly answer: (context: RestContext, input: z.output<I>) => Promise<unknown>;
}

/** A route that has forgotten the type of its input. */
export interface RestRoute extends Omit<Route<z.ZodObject>, 'cost' | 'answer'> {
  /** @throws CurioError BAD_USER_INPUT naming the member. */
  read(given: unknown): ReadCall;
}

/** A call whose input is in order. */
export interface ReadCall {
  readonly charges: Charges;
  answer(context: RestContext): Promise<unknown>;
}

export function defineRoute<I extends z.ZodObject>({ cost, answer, ...route }: Route<I>): RestRoute {
  return {
    ...route,
    read(given) {
      const parsed = route.input.safeParse(given);
      if (!parsed.success) throw faultOf(parsed.error);
      const charges = new Map<Limited, number>([['cost', Math.max(1, cost(parsed.data))]]);
      if (route.limit !== undefined) charges.set(route.limit, 1);
      return { charges, answer: (context) => answer(context, parsed.data) };
    },
  };
}

function faultOf({ issues }: z.ZodError): Error {
  const [issue] = issues;
  return badInput(issue?.path.join('.') || 'body', `is not right: ${issue?.message ?? 'unknown'}`);
}
