import { fitsJsonb } from '../decimal.ts';
import { JsonScanner } from '../json-scan.ts';
import { Misfit, type ClassConverters, type ConversionContext } from './converter.ts';
import { countCharacters, replacedBy } from './texts.ts';

const NOT_JSON = new Misfit('value-format', 'is not JSON');

/**
 * json and jsonb: TEXT that is JSON, kept as it is; a number that SQLite's affinity took out of the
 * text is that number again.
 */
export function jsonConverters(
  type: 'json' | 'jsonb',
  context: ConversionContext,
): ClassConverters {
  const text = jsonText(type);
  return {
    integer: (value) => value.toString(),
    real: (value) => {
      if (Object.is(value, -0)) return '-0.0';
      return Number.isFinite(value) ? String(value) : NOT_JSON;
    },
    text,
    blob: null,
    malformedText: replacedBy(text, context.sourceEncoding),
  };
}

/** Numbers that numeric cannot hold have an exponent of four digits, or thousands of digits. */
const MAY_BE_TOO_LARGE = /[eE][+-]?0*[1-9]\d{3}|\d{6000}/;

function jsonText(type: 'json' | 'jsonb'): (value: string) => string | Misfit {
  const convert = (value: string): string | Misfit => {
    try {
      JSON.parse(value);
    } catch {
      return NOT_JSON;
    }
    // TEXT is well-formed: only an escape can bring in what PostgreSQL refuses.
    const misfit = unstorableEscape(value, convert);
    if (misfit !== null) return misfit;
    const hasLargeNumber = type === 'jsonb' && MAY_BE_TOO_LARGE.test(value);
    return (hasLargeNumber ? numberOutOfRange(value) : null) ?? value;
  };
  return convert;
}

/** What an escape that PostgreSQL cannot store begins with; most texts with escapes have none. */
const MAY_BE_UNSTORABLE = /\\u(?:0000|[dD][89a-fA-F])/;

/** The first escape that stands for what PostgreSQL cannot store. */
function unstorableEscape(
  text: string,
  convert: (value: string) => string | Misfit,
): Misfit | null {
  const fault = MAY_BE_UNSTORABLE.test(text) ? nextFault(text, 0) : null;
  if (fault === null) return null;
  const place = placeOf(text, fault.index);
  const without = (replacements: Replacements) => (): string | Misfit =>
    convert(withEscapesReplaced(text, replacements));
  return fault.kind === 'nul'
    ? new Misfit('value-nul', `holds \\u0000 ${place}, which PostgreSQL cannot store`, {
        policy: 'strip_nul',
        apply: without({ nul: '' }),
      })
    : new Misfit('value-nul', `holds a lone surrogate ${place}, which is no character`, {
        policy: 'replace_invalid_utf8',
        apply: without({ surrogate: '\\ufffd' }),
      });
}

/** `at $.tags[2], character 17`: the path and the place in the text, counted as PostgreSQL counts. */
function placeOf(text: string, index: number): string {
  const scanner = new JsonScanner(text);
  let token = scanner.next();
  while (token !== null && token.end <= index) token = scanner.next();
  if (token === null) throw new Error('the place is beyond the end of the text');
  const key = token.kind === 'key' ? 'the key of ' : '';
  const character = countCharacters(text.slice(0, index)) + 1;
  return `at ${key}${scanner.path(token)}, character ${character}`;
}

interface FaultyEscape {
  readonly index: number;
  readonly kind: 'nul' | 'surrogate';
}

/** The next escape, in a string or a key, that is U+0000 or half of a character without its other half. */
function nextFault(text: string, from: number): FaultyEscape | null {
  for (let index = text.indexOf('\\', from); index !== -1;) {
    const unit = escapedUnit(text, index);
    if (unit === 0) return { index, kind: 'nul' };
    const isHigh = unit !== null && unit >= 0xd800 && unit <= 0xdbff;
    const isPair = isHigh && isLowSurrogate(escapedUnit(text, index + ESCAPE_LENGTH));
    if (!isPair && (isHigh || isLowSurrogate(unit))) return { index, kind: 'surrogate' };
    const length = unit === null ? 2 : ESCAPE_LENGTH * (isPair ? 2 : 1);
    index = text.indexOf('\\', index + length);
  }
  return null;
}

const ESCAPE_LENGTH = String.raw`\u0000`.length;

/** The UTF-16 unit that `\uXXXX` stands for; null when no such escape stands there. */
function escapedUnit(text: string, index: number): number | null {
  return text.startsWith(String.raw`\u`, index)
    ? Number.parseInt(text.slice(index + 2, index + ESCAPE_LENGTH), 16)
    : null;
}

function isLowSurrogate(unit: number | null): boolean {
  return unit !== null && unit >= 0xdc00 && unit <= 0xdfff;
}

/** What stands in the place of faulty escapes; those of the other kind stay. */
type Replacements = Readonly<Partial<Record<FaultyEscape['kind'], string>>>;

function withEscapesReplaced(text: string, replacements: Replacements): string {
  let replaced = '';
  let end = 0;
  for (let fault = nextFault(text, 0); fault !== null;) {
    const { index, kind } = fault;
    const next = index + ESCAPE_LENGTH;
    const instead = replacements[kind];
    if (instead !== undefined) {
      replaced += text.slice(end, index) + instead;
      end = next;
    }
    fault = nextFault(text, next);
  }
  return replaced + text.slice(end);
}

function numberOutOfRange(text: string): Misfit | null {
  const scanner = new JsonScanner(text);
  for (let token = scanner.next(); token !== null; token = scanner.next()) {
    if (token.kind !== 'number' || fitsJsonb(text.slice(token.start, token.end))) continue;
    const place = placeOf(text, token.start);
    return new Misfit('value-range', `holds a number ${place}, that jsonb cannot hold`);
  }
  return null;
}
