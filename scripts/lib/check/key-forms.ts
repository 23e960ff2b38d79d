import { formatDecimal, parseDecimal } from '../value/decimal.ts';
import type { TargetColumn, TargetType } from '../model/target-catalog.ts';

/** What makes two values of a target type one to its unique keys and foreign keys. */
export interface KeyForm {
  /** Forms of one family compare with each other, as those of smallint and bigint do. */
  readonly family: string;
  /** Turns a converted text into a form: values are equal exactly when their forms are. */
  readonly of: (text: string) => string;
  /** SQL that PostgreSQL must turn `v`, a text, into first; null when none is needed. */
  readonly askSql: string | null;
}

/**
 * How the values of a column compare, by the text that its converter writes; null where only
 * PostgreSQL can tell: a collation of its own rules, jsonb, intervals and the like.
 */
export function keyFormOf({
  type,
  hasNondeterministicCollation,
}: Pick<TargetColumn, 'type' | 'hasNondeterministicCollation'>): KeyForm | null {
  return hasNondeterministicCollation ? null : formOfType(type);
}

function formOfType(type: TargetType): KeyForm | null {
  switch (type.kind) {
    case 'enum':
      return plain(`enum ${type.baseSql}`);
    case 'array': {
      const element = type.element === null ? null : formOfType(type.element);
      const isPlain = element !== null && element.of === asItIs && element.askSql === null;
      return isPlain ? plain(`array of ${element.family}`) : null;
    }
    case 'base':
      return formOfBase(type.name);
    case 'other':
      return null;
    default:
      return type.kind satisfies never;
  }
}

function formOfBase(name: string): KeyForm | null {
  switch (name) {
    case 'int2':
    case 'int4':
    case 'int8':
      return plain('number');
    case 'numeric':
      return { family: 'number', of: withoutZeros, askSql: null };
    case 'float4':
    case 'float8':
      return { family: name, of: asNumber, askSql: null };
    case 'text':
    case 'varchar':
      return plain('text');
    case 'bpchar':
      return { family: name, of: withoutTrailingBlanks, askSql: null };
    case 'citext':
      // As citext itself does it, by the rules of the database's locale.
      return { family: name, of: asItIs, askSql: 'lower(v COLLATE "default")' };
    case 'inet':
    case 'cidr':
    case 'macaddr':
      return { family: name, of: asItIs, askSql: `v::pg_catalog.${name}::text` };
    case 'bool':
    case 'bytea':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'uuid':
      return plain(name);
    default:
      return null;
  }
}

/** Converters write one text for each value of these. */
function plain(family: string): KeyForm {
  return { family, of: asItIs, askSql: null };
}

function asItIs(text: string): string {
  return text;
}

function withoutZeros(text: string): string {
  const decimal = parseDecimal(text);
  return typeof decimal === 'string' ? text : formatDecimal(decimal);
}

/** One number may be written with different digits; the two zeros are equal. */
function asNumber(text: string): string {
  const number = Number(text);
  return String(number === 0 ? 0 : number);
}

function withoutTrailingBlanks(text: string): string {
  return text.replace(/ +$/, '');
}
