import { createHash } from 'node:crypto';

import { MAX_VALUE_CHARACTERS, type ComparedValue } from '../../model/archive-comparison.ts';
import { shortDigest } from '../../model/short-digest.ts';
import { MalformedText, type SqliteValue, type StorageClass } from '../../model/values.ts';
import { encodeValue } from '../../value/codec.ts';

/** A value as a report shows it: by its hash and length, and by itself only where that is asked for. */
export function describeComparedValue(value: SqliteValue, showValues: boolean): ComparedValue {
  const written = encodeValue(value);
  return {
    storageClass: storageClassOf(value),
    length: lengthOf(value),
    sha256: shortDigest(createHash('sha256').update(written).digest('hex')),
    ...(showValues ? { value: shorten(written) } : {}),
  };
}

/** The first characters of a text, with a sign that there are more. */
export function shorten(text: string): string {
  return text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS)}…`;
}

function storageClassOf(value: SqliteValue): StorageClass {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return 'real';
  return typeof value === 'string' || value instanceof MalformedText ? 'text' : 'blob';
}

function lengthOf(value: SqliteValue): number | null {
  if (typeof value === 'string') return Array.from(value).length;
  if (value instanceof MalformedText) return value.bytes.length;
  return value instanceof Uint8Array ? value.length : null;
}
