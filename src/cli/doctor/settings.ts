import { type Config, DEVELOPMENT_SECRET } from '../../config/config.js';
import { type DoctorRow, found, lacking } from './row.js';

export function checkSecret({ auth }: Config): DoctorRow {
  const name = 'Token secret';
  if (auth.secret === DEVELOPMENT_SECRET) {
    return lacking(
      name,
      'the development default',
      'Anyone who has read the source can sign a token, so production refuses it. Set CURIO_JWT_SECRET or CURIO_JWKS_URL.',
    );
  }
  const ways = [
    auth.secret === null ? [] : ['CURIO_JWT_SECRET'],
    auth.jwksUrl === null ? [] : ['CURIO_JWKS_URL'],
  ].flat();
  return found(name, ways.join(' and '));
}

export function checkMedia({ media: { s3, baseUrl }, dataDir }: Config): DoctorRow {
  const name = 'Media of posts';
  if (s3 !== null) return found(name, `bucket ${s3.bucket} at ${s3.endpoint}, not asked`);
  const cost =
    baseUrl === null
      ? 'This server takes and serves every file. Set CURIO_S3_ENDPOINT and its like for a storage, CURIO_MEDIA_URL for a CDN.'
      : 'This server takes every file. Set CURIO_S3_ENDPOINT and its like for a storage.';
  return lacking(name, `a folder of ${dataDir}`, cost);
}
