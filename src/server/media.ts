import type { FastifyInstance } from 'fastify';
import { CurioError } from '../domain/errors.js';
import { MEDIA_TYPES } from '../domain/posts.js';
import type { MediaFiles } from '../store/ports/mediaStore.js';
import { CSP_PICTURE } from './securityHeaders.js';

export interface MediaRouteDeps {
  readonly files: MediaFiles;
  /** Most bytes of one file. */
  readonly limit: number;
}

/** `PUT /media/<key>` for uploads that `createPost` allowed, `GET` for everyone. A key is never used for another file. */
export function mediaRoutes(app: FastifyInstance, { files, limit }: MediaRouteDeps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(Object.keys(MEDIA_TYPES), (_request, body, done) => done(null, body));

    scope.put<{ Params: { key: string }; Body: AsyncIterable<Buffer> | undefined }>(
      '/media/:key',
      { bodyLimit: limit },
      async ({ params, query, body }, reply) => {
        if (body === undefined) throw new CurioError('BAD_USER_INPUT', 'The body must be the file', { field: 'body' });
        await files.receive(params.key, query, body);
        return reply.code(204).send();
      },
    );

    scope.get<{ Params: { key: string } }>('/media/:key', { config: { quiet: true } }, async ({ params }, reply) => {
      const file = await files.open(params.key);
      if (file === null) throw new CurioError('NOT_FOUND', 'There is no such media');
      return reply
        .type(file.type)
        .headers({
          'content-length': file.bytes,
          'content-security-policy': CSP_PICTURE,
          'cache-control': 'public, max-age=31536000, immutable',
          // Apps on other origins show these files.
          'cross-origin-resource-policy': 'cross-origin',
        })
        .send(file.body);
    });
  });
}
