import { createHash } from 'node:crypto';

/**
 * The name-based UUID of a text by RFC 9562, section 5.5, made apart from the toolkit's own.
 *
 * @param namespace a UUID, with hyphens or without
 */
export function nameBasedUuid(namespace: string, name: string): string {
  const bytes = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const hex = createHash('sha1').update(bytes).update(name).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
