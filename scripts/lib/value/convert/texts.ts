import { MalformedText, asBuffer } from '../../model/values.ts';
import { Misfit, wrongClass, type Converter } from './converter.ts';

/**
 * text, varchar(n) and char(n): TEXT as it is, INTEGER as its digits.
 *
 * @param maxCharacters the n, in characters (code points); null for none
 */
export function textConverter(typeName: string, maxCharacters: number | null): Converter {
  return (value) => {
    if (typeof value === 'bigint') return withinLength(value.toString(), maxCharacters);
    if (value instanceof MalformedText) {
      return new Misfit('value-encoding', 'is not valid text in the encoding of the database');
    }
    if (typeof value !== 'string') return wrongClass(value, typeName);
    const nul = value.indexOf('\u0000');
    if (nul !== -1) {
      const position = countCharacters(value.slice(0, nul)) + 1;
      return new Misfit(
        'value-nul',
        `holds U+0000 at character ${position}, which PostgreSQL cannot store`,
      );
    }
    return withinLength(value, maxCharacters);
  };
}

function withinLength(text: string, maxCharacters: number | null): string | Misfit {
  // A string has at most as many code points as UTF-16 units: only longer ones need the exact count.
  if (maxCharacters === null || text.length <= maxCharacters) return text;
  const length = countCharacters(text);
  if (length <= maxCharacters) return text;
  return new Misfit(
    'value-length',
    `has ${length} characters, and the column takes ${maxCharacters}`,
  );
}

/** PostgreSQL counts code points, JavaScript UTF-16 units. */
function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** bytea: BLOB bytes, TEXT as UTF-8, malformed TEXT as the bytes that the source holds. */
export const byteaConverter: Converter = (value) => {
  if (typeof value === 'string') return `\\x${Buffer.from(value, 'utf8').toString('hex')}`;
  if (typeof value !== 'object') return wrongClass(value, 'bytea');
  const bytes = value instanceof MalformedText ? value.bytes : value;
  return `\\x${asBuffer(bytes).toString('hex')}`;
};

const UUID = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** uuid: text in its usual spellings (any case, with or without hyphens and braces), or 16 bytes. */
export const uuidConverter: Converter = (value) => {
  const isBlob = value instanceof Uint8Array;
  if (typeof value !== 'string' && !isBlob) return wrongClass(value, 'uuid');
  const text = isBlob ? asBuffer(value).toString('hex') : value;
  const match = UUID.exec(text);
  if (match === null) return new Misfit('value-format', 'is not a UUID');
  return match.slice(1).join('-').toLowerCase();
};

/** An enum: TEXT that is one of its labels, exactly. */
export function enumConverter(typeName: string, labels: readonly string[]): Converter {
  const known = new Set(labels);
  return (value) => {
    if (typeof value !== 'string') return wrongClass(value, `the enum ${typeName}`);
    return known.has(value)
      ? value
      : new Misfit('value-label', `is no label of the enum ${typeName} (${labels.join(', ')})`);
  };
}

/**
 * json and jsonb: TEXT that is JSON, kept as it is; a number that SQLite's affinity took out of the
 * text is that number again.
 */
export const jsonConverter: Converter = (value) => {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') {
    return Number.isFinite(value) ? String(value) : new Misfit('value-format', 'is not JSON');
  }
  if (typeof value !== 'string') return wrongClass(value, 'json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return new Misfit('value-format', 'is not JSON');
  }
  // Only an escape can bring in what PostgreSQL refuses.
  const fault = value.includes('\\u') ? unstorableText(parsed) : null;
  return fault === null ? value : new Misfit('value-nul', fault);
};

/** Where a JSON value holds text that PostgreSQL cannot store; null when nowhere. Any depth is safe. */
function unstorableText(root: unknown): string | null {
  const waiting: { readonly value: unknown; readonly path: string }[] = [
    { value: root, path: '$' },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') {
      if (value.includes('\u0000'))
        return `holds \\u0000 at ${path}, which PostgreSQL cannot store`;
      if (!value.isWellFormed()) return `holds a lone surrogate at ${path}`;
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      const memberPath = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
      waiting.push({ value: member, path: memberPath });
      waiting.push({ value: key, path: `the key of ${memberPath}` });
    }
  }
  return null;
}
