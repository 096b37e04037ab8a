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
