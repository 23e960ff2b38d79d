import type { SourceEncoding } from '../../model/source-catalog.ts';
import { kindCode } from './kinds.ts';

/** SQL names of a text and of what is known of it. */
interface TextParts {
  readonly text: string;
  readonly bytes: string;
  readonly characters: string;
  readonly first: string;
}

const DIGITS = `'0123456789'`;
const code = (character: string): number => character.codePointAt(0) ?? 0;

/**
 * SQL of the kind of a text. Numbers are compared as far as they go: of most texts the first
 * character and the length say enough.
 */
export function textKindSql(parts: TextParts, encoding: SourceEncoding): string {
  const { text, bytes, characters, first } = parts;
  // length() ends at U+0000, so only a text with more bytes than that can hold one.
  const shortest = encoding === 'UTF-8' ? characters : `${characters} * 2`;
  const asJson = (sql: string): string => `iif(json_valid(${text}), ${sql}, ${kindCode('text')})`;
  return `CASE
    WHEN ${bytes} <> ${shortest} AND instr(${text}, char(0)) > 0 THEN ${kindCode('text-with-nul')}
    WHEN ${characters} BETWEEN 32 AND 48 AND ${isUuidSql(parts)} THEN
      iif(${first} BETWEEN ${code('1')} AND ${code('9')} AND trim(${text}, ${DIGITS}) = '', ${kindCode('uuid-or-integer')}, ${kindCode('uuid')})
    WHEN ${first} BETWEEN ${code('+')} AND ${code('9')} THEN ${numberLikeSql(parts)}
    ELSE CASE ${first}
      WHEN ${code('{')} THEN ${asJson(String(kindCode('json-object')))}
      WHEN ${code('[')} THEN ${asJson(String(kindCode('json-array')))}
      WHEN ${code('"')} THEN ${asJson(String(kindCode('json-scalar')))}
      ${[' ', '\t', '\n', '\r'].map((space) => `WHEN ${code(space)} THEN ${asJson(jsonTypeSql(text))}`).join(' ')}
      ELSE ${wordSql(parts)} END
    END`;
}

/** A text with white space before it that is valid JSON. */
function jsonTypeSql(text: string): string {
  return `CASE json_type(${text})
    WHEN 'object' THEN ${kindCode('json-object')}
    WHEN 'array' THEN ${kindCode('json-array')}
    WHEN 'text' THEN ${kindCode('json-scalar')}
    ELSE ${kindCode('text')} END`;
}

function wordSql({ text, characters }: TextParts): string {
  return `CASE
    WHEN ${characters} > 5 THEN ${kindCode('text')}
    WHEN ${characters} = 0 THEN ${kindCode('text-empty')}
    WHEN lower(${text}) IN ('true', 't', 'yes', 'false', 'f', 'no') THEN ${kindCode('text-boolean')}
    ELSE iif(${text} = 'null', ${kindCode('json-scalar')}, ${kindCode('text')}) END`;
}

/** A text that begins with a digit, a sign, or a point. */
function numberLikeSql(parts: TextParts): string {
  const { text } = parts;
  const glob = (pattern: string): string => `${text} GLOB '${pattern}'`;
  const needless = ['0[0-9]*', '-0[0-9]*', '--*', '-', '-0'].map(glob).join(' OR ');
  return `CASE
    ${usualTimesSql(parts)}
    WHEN trim(ltrim(${text}, '-'), ${DIGITS}) NOT IN ('', '.') THEN
      iif(${ISO_BEGINNINGS.map(glob).join(' OR ')}, census_iso_kind(${text}), ${kindCode('text')})
    WHEN ${needless} THEN ${kindCode('text')}
    WHEN instr(${text}, '.') = 0 THEN ${kindCode('text-integer')}
    ELSE iif(${glob('*[0-9].[0-9]*')}, ${kindCode('text-decimal')}, ${kindCode('text')}) END`;
}

/** A day, one with a longer year, a time of day. */
const ISO_BEGINNINGS = [
  '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*',
  '[-+][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*',
  '[0-9][0-9]:[0-9][0-9]*',
] as const;

/** The forms of ISO 8601 that are met most often: by length, and how SQLite writes them. */
const USUAL_TIMES = [
  [10, '%Y-%m-%d', 'date'],
  [19, '%Y-%m-%d %H:%M:%S', 'time-without-zone'],
  [19, '%Y-%m-%dT%H:%M:%S', 'time-without-zone'],
  [24, '%Y-%m-%dT%H:%M:%fZ', 'time-with-zone'],
  [29, '%Y-%m-%dT%H:%M:%f+00:00', 'time-with-zone'],
] as const;

/** A text that SQLite writes as it reads it is a day or time that there is; others need a closer look. */
function usualTimesSql({ text, characters }: TextParts): string {
  return USUAL_TIMES.map(
    ([length, format, kind]) =>
      `WHEN ${characters} = ${length} AND strftime('${format}', ${text}) = ${text} THEN ${kindCode(kind)}`,
  ).join(' ');
}

/**
 * 32 digits, or 36 characters with the usual hyphens; what is seldom met is looked at more closely.
 * unhex() takes hyphens between two bytes only, and gives NULL for anything else that is no digit.
 */
function isUuidSql({ text, characters }: TextParts): string {
  return `CASE
    WHEN ${characters} = 32 THEN length(unhex(${text})) = 16
    WHEN ${text} GLOB '????????-????-????-????-????????????' AND length(unhex(${text}, '-')) = 16 THEN 1
    WHEN ${text} GLOB '{*}' OR ${text} LIKE 'urn:uuid:%' OR ${text} NOT GLOB '*[^-0-9a-fA-F]*' THEN census_is_uuid(${text})
    ELSE 0 END`;
}
