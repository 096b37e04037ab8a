import type { FastifyInstance } from 'fastify';
import { CurioError } from '../domain/errors.js';
import { isId } from '../domain/ids.js';
import { renderPreview } from '../sample/preview.js';
import { CSP_PICTURE } from './securityHeaders.js';

/** `/previews/<seed>.svg`: the picture of a sample item. A seed always draws the same picture, so it keeps for good. */
export function previewRoutes(app: FastifyInstance): void {
  app.get<{ Params: { file: string } }>('/previews/:file', { config: { quiet: true } }, async (request, reply) => {
    const { file } = request.params;
    const seed = file.endsWith('.svg') ? file.slice(0, -'.svg'.length) : '';
    if (!isId(seed)) throw new CurioError('NOT_FOUND', 'A preview is named <seed>.svg');
    return reply
      .type('image/svg+xml')
      .headers({
        'content-security-policy': CSP_PICTURE,
        'cache-control': 'public, max-age=31536000, immutable',
        // Apps on other origins show these pictures.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(renderPreview(seed));
  });
}
