import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.js';
import { RATE_NAMES, type Rates } from '../../domain/rates.js';
import { hashApiKey } from '../../server/auth/apiKey.js';
import type { ApiKeyRow } from '../../store/ports/apiKeyStore.js';
import { oneOf, wholeNumber } from '../options.js';
import { withStores } from '../withStores.js';

const KEY_BYTES = 32;

/** Makes a key and prints it: the only time it is seen, because only its hash is stored. */
export async function keyCommand(config: Config, row: ApiKeyRow): Promise<void> {
  const key = `curio_${randomBytes(KEY_BYTES).toString('base64url')}`;
  await withStores(config, ({ postgres }) => postgres.apiKeys.create(hashApiKey(key), row));
  console.log(key);
}

/** Nodes believe a key for half a minute after they last looked it up. */
export async function revokeKeyCommand(config: Config, key: string): Promise<void> {
  await withStores(config, ({ postgres }) => postgres.apiKeys.revoke(hashApiKey(key)));
  console.log('The key is revoked.');
}

/** Reads `recommendations=5000,feedback=10000`. @throws naming what is wrong. */
export function readRates(text: string): Rates {
  const parts = text.split(',').filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', rate] = part.split('=');
      return [oneOf('--rates', name.trim(), RATE_NAMES), wholeNumber(`--rates ${name}`, rate ?? '', 1, 1e9)];
    }),
  );
}
