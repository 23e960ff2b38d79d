import type { SourceColumn } from '../model/source-catalog.ts';
import { countCharacters } from '../value/convert/texts.ts';
import type { DraftedEnum } from './model.ts';
import { isKeyword, tokensOf, type Token } from './sql/tokens.ts';
import type { DraftedType } from './types/drafted-type.ts';

/** What `@default(…)` says; `none` where the source has none, null where Prisma cannot say it. */
export type DraftedDefault = { readonly text: string } | 'none' | null;

/** A default that is one word or one literal, with its sign. */
interface Literal {
  readonly token: Token;
  readonly isNegative: boolean;
}

/**
 * A column's default in Prisma's words.
 *
 * @param drafted the enum that the column is of, if it is
 */
export function draftDefault(
  { defaultSql, affinity }: SourceColumn,
  type: DraftedType,
  drafted: DraftedEnum | null,
): DraftedDefault {
  if (defaultSql === null || /^\s*\(*\s*null\s*\)*\s*$/i.test(defaultSql)) return 'none';
  const isTime = type.scalar === 'DateTime' && type.postgres.name !== 'time';
  if (isTime && saysNow(defaultSql)) return { text: 'now()' };
  const literal = literalOf(defaultSql);
  if (literal === null) return null;
  const { kind, text } = literal.token;
  const isWordForOne = isKeyword(literal.token, 'TRUE', 'FALSE');
  // As SQLite has it, a name that stands alone is a text.
  const isText = kind === 'text' || kind === 'name' || (kind === 'word' && !isWordForOne);
  if (isKeyword(literal.token, ...CURRENT)) return null;
  if (kind === 'blob') return type.scalar === 'Bytes' ? base64(text) : null;
  if (isText) return literal.isNegative ? null : ofText(text, type, drafted);
  const number = isWordForOne ? (isKeyword(literal.token, 'TRUE') ? '1' : '0') : text;
  const signed = (literal.isNegative ? '-' : '') + number.replaceAll('_', '');
  return affinity === 'text' ? ofText(signed, type, drafted) : ofNumber(signed, type);
}

const CURRENT = ['CURRENT_TIMESTAMP', 'CURRENT_DATE', 'CURRENT_TIME'];
const NOW =
  /^(?:current_timestamp|current_date|(?:datetime|date|unixepoch|julianday)\('now'(?:,'(?:utc|subsec)')?\)|unixepoch\(\)|datetime\(\)|strftime\('[^']*','now'\)|cast\(strftime\('%s','now'\)as\w+\)|unixepoch\([^()]*\)\*1000)$/;

/** Whether a default is the present moment, in one of SQLite's ways to say it. */
function saysNow(sql: string): boolean {
  let plain = sql.toLowerCase().replaceAll(/\s+/g, '').replaceAll('"', "'");
  while (/^\(.*\)$/.test(plain)) plain = plain.slice(1, -1);
  return NOW.test(plain);
}

function literalOf(sql: string): Literal | null {
  const tokens = tokensOf(sql)?.filter(
    ({ kind, text }) => kind !== 'symbol' || !'()'.includes(text),
  );
  if (tokens === undefined) return null;
  const isNegative = tokens[0]?.text === '-';
  const hasSign = isNegative || tokens[0]?.text === '+';
  const [token, ...others] = hasSign ? tokens.slice(1) : tokens;
  const isOne = token !== undefined && token.kind !== 'symbol' && others.length === 0;
  return isOne ? { token, isNegative } : null;
}

const INTEGER = /^-?\d{1,18}$/;
const DECIMAL = /^-?\d{1,30}(?:\.\d{1,30})?$/;
const MAX_INT = 2 ** 31 - 1;

function ofNumber(text: string, { scalar, postgres }: DraftedType): DraftedDefault {
  switch (scalar) {
    case 'Int':
      return INTEGER.test(text) && Math.abs(Number(text)) <= MAX_INT ? { text: plain(text) } : null;
    case 'BigInt':
      return INTEGER.test(text) ? { text: plain(text) } : null;
    case 'Boolean':
      return ['0', '1'].includes(text) ? { text: text === '1' ? 'true' : 'false' } : null;
    case 'Float':
      return DECIMAL.test(text) ? { text: plain(text) } : null;
    case 'Decimal':
      return DECIMAL.test(text) && fitsModifier(text, postgres.display)
        ? { text: plain(text) }
        : null;
    default:
      return null;
  }
}

/** Without zeros in front, which Prisma does not read. */
function plain(text: string): string {
  return text.replace(/^(-?)0+(?=\d)/, '$1');
}

function fitsModifier(text: string, display: string): boolean {
  const [, precision = '1000', scale = '1000'] = /\((\d+),(\d+)\)/.exec(display) ?? [];
  const [whole = '', fraction = ''] = plain(text).replace('-', '').split('.');
  return (
    fraction.length <= Number(scale) &&
    whole.length <= Number(precision) - Number(scale === '1000' ? 0 : scale)
  );
}

function ofText(text: string, type: DraftedType, drafted: DraftedEnum | null): DraftedDefault {
  if (drafted !== null) {
    const label = drafted.labels.find(({ value }) => value === text);
    return label === undefined ? null : { text: label.name };
  }
  switch (type.scalar) {
    case 'String':
      return type.postgres.name !== 'uuid' && fitsLength(text, type) ? quoted(text) : null;
    case 'Json':
      return isJson(text) ? quoted(text) : null;
    case 'Boolean':
      return /^(?:t|true|f|false|0|1)$/i.test(text)
        ? { text: /^[t1]/i.test(text) ? 'true' : 'false' }
        : null;
    default:
      return ofNumber(text, type);
  }
}

function fitsLength(text: string, { postgres }: DraftedType): boolean {
  const limit = /\((\d+)\)/.exec(postgres.display)?.[1];
  return limit === undefined || countCharacters(text) <= Number(limit);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// oxlint-disable-next-line no-control-regex
const UNSAYABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function quoted(text: string): DraftedDefault {
  return UNSAYABLE.test(text) || !text.isWellFormed() ? null : { text: JSON.stringify(text) };
}

function base64(hex: string): DraftedDefault {
  return { text: JSON.stringify(Buffer.from(hex, 'hex').toString('base64')) };
}
