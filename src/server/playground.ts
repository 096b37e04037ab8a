import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Example, readExamples } from '../graphql/examples.js';
import { CSP_PLAYGROUND } from './securityHeaders.js';
import { type StaticFile, sendStatic, staticFile } from './staticFiles.js';

const SCRIPT_PATH = '/playground.js';
const compress = promisify(gzip);

export interface PlaygroundDeps {
  /** Filled in as a header, so that the first click answers; null for none. */
  readonly token: string | null;
}

/** Sends the page. */
export type Playground = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

interface Files {
  readonly page: StaticFile;
  readonly script: StaticFile;
}

/** GraphiQL from our own files: nothing is fetched from elsewhere. Rendered and compressed on the first visit, 9 MB. */
export function playgroundRoutes(app: FastifyInstance, { token }: PlaygroundDeps): Playground {
  const examples = readExamples();
  let files: Promise<Files> | undefined;
  const ready = () => {
    files ??= render(examples, token);
    return files;
  };
  app.get(SCRIPT_PATH, { config: { quiet: true } }, async (request, reply) =>
    sendStatic(request, reply, (await ready()).script, CSP_PLAYGROUND),
  );
  return async (request, reply) => {
    reply.header('vary', 'accept');
    return sendStatic(request, reply, (await ready()).page, CSP_PLAYGROUND);
  };
}

/** Moves the page's one inline script into a file of its own, so that the policy need not allow inline scripts. */
async function render(examples: readonly Example[], token: string | null): Promise<Files> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = token === null ? undefined : JSON.stringify({ authorization: `Bearer ${token}` }, null, 2);
  const html = renderGraphiQL({
    title: 'Curio playground',
    defaultTabs: examples.map(({ query }) => ({ query, ...(headers && { headers }) })),
    ...(headers && { defaultHeaders: headers }),
  });
  const open = html.indexOf('<script>', html.indexOf('<div id="root">'));
  const close = html.lastIndexOf('</script>');
  if (open < 0 || close < open) throw new Error('The page of GraphiQL is not built as expected.');
  const script = html.slice(open + '<script>'.length, close);
  const page = `${html.slice(0, open)}<script src="${SCRIPT_PATH}">${html.slice(close)}`.trim();
  return {
    page: await compressed('text/html; charset=utf-8', page),
    script: await compressed('text/javascript; charset=utf-8', script),
  };
}

async function compressed(type: string, text: string): Promise<StaticFile> {
  const body = Buffer.from(text);
  return staticFile(type, body, await compress(body));
}
