import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { CSP_PAGE } from './securityHeaders.js';
import { readStaticFiles, sendStatic } from './staticFiles.js';

export interface ConsoleDeps {
  /** Given to the page in development, so that it opens without asking; null for none. */
  readonly token: string | null;
  /** Where `/` leads while the console is not built. */
  readonly playground: boolean;
}

/** The console: every file of the built `web/`, at its own path, and `/` for its page. Read once, at start. */
export function consoleRoutes(app: FastifyInstance, { token, playground }: ConsoleDeps): void {
  const files = readStaticFiles(fileURLToPath(new URL('../../dist/web/', import.meta.url)));
  const options = { config: { quiet: true } };
  for (const [name, file] of files) {
    const path = name === 'index.html' ? '/' : `/${name}`;
    app.get(path, options, async (request, reply) => sendStatic(request, reply, file, CSP_PAGE));
  }
  if (!files.has('index.html') && playground) {
    app.get('/', options, async (_request, reply) => reply.redirect('/graphql'));
  }
  app.get('/console.json', options, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ token }),
  );
}
