import { z } from 'zod';
import type { RestRoute } from './route.js';

type Json = Readonly<Record<string, unknown>>;

const ERRORS: readonly (readonly [status: number, description: string])[] = [
  [400, 'Something in the request is not right; the message and `field` say what.'],
  [401, 'There are no credentials, or they do not hold.'],
  [403, 'Not for this role, or about another person.'],
  [404, 'What is named is not there.'],
  [429, 'Too many requests; `Retry-After` says how many seconds to wait.'],
  [503, 'A dependency is away that nothing can stand in for.'],
  [504, 'It took longer than a request may.'],
];

const errorBody = z.object({
  errors: z.array(
    z.object({
      message: z.string(),
      extensions: z.looseObject({ code: z.string(), requestId: z.string() }),
    }),
  ),
});

const health = z.looseObject({
  status: z.enum(['healthy', 'unhealthy']),
  uptime: z.number().describe('Seconds.'),
});

/** An OpenAPI 3.1 document of the routes, made from the schemas that check what they are given. */
export function openApi(routes: readonly RestRoute[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const { method, path } = route;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route) };
  }
  for (const path of ['/v1/health', '/v1/health/live', '/v1/health/ready']) {
    paths[path] = {
      get: {
        operationId: `get${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
        summary: 'How the server and what it depends on are',
        security: [],
        responses: { 200: answer('Healthy', health), 503: answer('Something it depends on is down', health) },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Curio',
      version: '1',
      description: 'Recommendations over REST: a thin facade over what /graphql serves.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: { Error: schemaOf(errorBody, 'output') },
    },
  };
}

function operation(route: RestRoute): Json {
  const { method, path, summary, input, output, roles } = route;
  const { properties, required } = members(input);
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
  const named = Object.entries(properties).filter(([name]) => method === 'GET' || inPath.has(name));
  const parameters = named.map(([name, schema]) => ({
    name,
    in: inPath.has(name) ? 'path' : 'query',
    required: inPath.has(name) || required.includes(name),
    schema,
  }));
  return {
    operationId: `${method.toLowerCase()}${path.replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/\W/g, '')}`,
    summary,
    ...(roles !== undefined && { description: `Only for the role ${roles.join(' or ')}.` }),
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && {
      requestBody: {
        required: required.some((name) => !inPath.has(name)),
        content: { 'application/json': { schema: schemaOf(input, 'input') } },
      },
    }),
    responses: {
      [output.status]: answer(output.schema === null ? 'Done; the body is empty' : 'Done', output.schema),
      ...Object.fromEntries(ERRORS.map(([status, description]) => [status, failure(description)])),
    },
  };
}

function answer(description: string, schema: z.ZodType | null): Json {
  if (schema === null) return { description };
  return { description, content: { 'application/json': { schema: schemaOf(schema, 'output') } } };
}

function failure(description: string): Json {
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

const object = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

function members(input: z.ZodObject): z.output<typeof object> {
  return object.parse(schemaOf(input, 'input'));
}
