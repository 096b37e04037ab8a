import { createHash } from 'node:crypto';

const PLAIN = /^[a-z0-9_-]$/;
/** File systems allow 255 bytes; the rest is room for what they or backups add. */
const MAX_CHARS = 150;

/**
 * Folder of a tenant. Any string gives a name that is safe on every file system, and no two strings the same one, also
 * where case is folded: what is not a-z, 0-9, _ or - is written as %xx of its UTF-8 bytes; a long name ends in a hash.
 */
export function tenantFolder(tenant: string): string {
  const escaped = Array.from(Buffer.from(tenant, 'utf8'), (byte) => {
    const char = String.fromCharCode(byte);
    return PLAIN.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (escaped.length <= MAX_CHARS) return `t-${escaped}`;
  return `t-${escaped.slice(0, MAX_CHARS - 70)}~${createHash('sha256').update(tenant).digest('hex')}`;
}

/** `20261120-103045-3f2a`: the moment in UTC, which sorts, and four digits of what it holds. */
export function versionId(createdAt: Date, contentHash: string): string {
  const digits = createdAt.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).replace('T', '-');
  return `${digits}-${contentHash.slice(0, 4)}`;
}
