import { quoteIdentifier, quoteLiteral } from '../../model/sql.ts';
import { foldName } from '../../source/names.ts';
import type { BinaryOperator, Expression } from './expression.ts';

/**
 * What a column may be compared with. `decimal` is a number too, but SQLite reckons with it in binary
 * and PostgreSQL does not.
 */
export type ColumnFamily =
  'integer' | 'float' | 'decimal' | 'text' | 'flag' | 'enum' | 'json' | 'other';

/** A column of the drafted table, as an expression may use it. */
export interface ExpressionColumn {
  readonly name: string;
  readonly family: ColumnFamily;
  /** SQLite compares its texts byte by byte, in the order that PostgreSQL's collation "C" has. */
  readonly isBinary: boolean;
  /** Of an enum. */
  readonly labels: readonly string[];
}

/** By folded name in the source. */
export type ExpressionColumns = ReadonlyMap<string, ExpressionColumn>;

type Family = ColumnFamily | 'condition' | 'null';

interface Part {
  readonly sql: string;
  readonly family: Family;
  /** The column that this is, nothing more. */
  readonly column?: ExpressionColumn;
  readonly literal?: string;
  /** Of a condition: it is true or NULL. */
  readonly isNeverFalse?: boolean;
}

/** A condition in PostgreSQL's SQL. */
export interface TranslatedCondition {
  readonly sql: string;
  /** The types of the columns see to it that it is true or NULL: as a CHECK it says nothing. */
  readonly isNeverFalse: boolean;
}

/**
 * A condition in PostgreSQL's SQL that is true, false or NULL for exactly the rows for which SQLite's
 * is.
 *
 * @returns null where the two may differ
 */
export function conditionSql(
  expression: Expression,
  columns: ExpressionColumns,
): TranslatedCondition | null {
  const part = condition(expression, columns);
  return part === null ? null : { sql: part.sql, isNeverFalse: part.isNeverFalse === true };
}

/** A value in PostgreSQL's SQL that is the same as SQLite's, and what it may be put into. @returns as {@link conditionSql} */
export function valueSql(
  expression: Expression,
  columns: ExpressionColumns,
): { readonly sql: string; readonly family: ColumnFamily } | null {
  const part = value(expression, columns);
  if (part === null || part.family === 'condition' || part.family === 'null') return null;
  return { sql: part.sql, family: part.family };
}

/** Part of a condition: what SQLite takes for true or false. */
function condition(expression: Expression, columns: ExpressionColumns): Part | null {
  const part = value(expression, columns);
  if (part === null || part.family === 'condition') return part;
  if (part.family === 'flag') return { sql: part.sql, family: 'condition' };
  const isNumber = part.family === 'integer' || part.family === 'float';
  return isNumber ? { sql: `(${part.sql} <> 0)`, family: 'condition' } : null;
}

function value(expression: Expression, columns: ExpressionColumns): Part | null {
  switch (expression.kind) {
    case 'column': {
      const column = columns.get(foldName(expression.name));
      if (column === undefined) return null;
      return { sql: quoteIdentifier(column.name), family: column.family, column };
    }
    case 'number':
      return numberLiteral(expression.text);
    case 'text':
      return { sql: quoteLiteral(expression.text), family: 'text', literal: expression.text };
    case 'null':
      return { sql: 'NULL', family: 'null' };
    case 'not': {
      const operand = condition(expression.operand, columns);
      return operand === null ? null : { sql: `(NOT ${operand.sql})`, family: 'condition' };
    }
    case 'minus':
      return negated(value(expression.operand, columns));
    case 'binary':
      return binary(expression, columns);
    case 'in':
      return membership(expression, columns);
    case 'call':
      return call(expression, columns);
    default:
      return expression satisfies never;
  }
}

const PLAIN_NUMBER = /^\d{1,18}(?:\.\d{1,15})?$/;

function numberLiteral(text: string): Part | null {
  if (!PLAIN_NUMBER.test(text)) return null;
  return { sql: text, family: text.includes('.') ? 'decimal' : 'integer', literal: text };
}

function negated(part: Part | null): Part | null {
  if (part?.literal === undefined || part.family === 'text') return null;
  return { ...part, sql: `(-${part.sql})`, literal: `-${part.literal}` };
}

function binary(
  { operator, left, right }: Extract<Expression, { kind: 'binary' }>,
  columns: ExpressionColumns,
): Part | null {
  if (operator === 'and' || operator === 'or') {
    return joined(operator, condition(left, columns), condition(right, columns));
  }
  const typed = typeTest(operator, left, [right], columns);
  if (typed !== undefined) return typed;
  const [one, other] = [value(left, columns), value(right, columns)];
  if (one === null || other === null) return null;
  switch (operator) {
    case '+':
    case '-':
    case '*':
      return arithmetic(operator, one, other);
    case '||':
      return one.family === 'text' && other.family === 'text'
        ? { sql: `(${one.sql} || ${other.sql})`, family: 'text' }
        : null;
    default:
      return comparison(operator, one, other);
  }
}

function joined(operator: 'and' | 'or', one: Part | null, other: Part | null): Part | null {
  if (one === null || other === null) return null;
  const isEither = one.isNeverFalse === true || other.isNeverFalse === true;
  const isBoth = one.isNeverFalse === true && other.isNeverFalse === true;
  return {
    sql: `(${one.sql} ${operator.toUpperCase()} ${other.sql})`,
    family: 'condition',
    isNeverFalse: operator === 'or' ? isEither : isBoth,
  };
}

/** True of every value that the column's type holds, and NULL of NULL. */
function trueUnlessNull({ sql }: Part): Part {
  return { sql: `(${sql} IS NOT NULL OR NULL)`, family: 'condition', isNeverFalse: true };
}

/** Only where both sides reckon alike: whole numbers without an end, and doubles. */
function arithmetic(operator: '+' | '-' | '*', one: Part, other: Part): Part | null {
  if (one.family === 'integer' && other.family === 'integer') {
    return { sql: `(${one.sql}::numeric ${operator} ${other.sql}::numeric)`, family: 'integer' };
  }
  if (one.family === 'float' && other.family === 'float') {
    return { sql: `(${one.sql} ${operator} ${other.sql})`, family: 'float' };
  }
  return null;
}

const SQL_OPERATORS: Readonly<Partial<Record<BinaryOperator, string>>> = {
  is: 'IS NOT DISTINCT FROM',
  'is not': 'IS DISTINCT FROM',
};

function comparison(operator: BinaryOperator, one: Part, other: Part): Part | null {
  if (one.family === 'null' || other.family === 'null') return nullTest(operator, one, other);
  const pair = comparable(one, other);
  if (pair === null) return null;
  const isOrder = !['=', '<>', 'is', 'is not'].includes(operator);
  const isText = pair[0].family === 'text';
  if (isOrder && pair[0].family === 'flag') return null;
  const left = isOrder && isText ? `${pair[0].sql} COLLATE "C"` : pair[0].sql;
  const sql = `(${left} ${SQL_OPERATORS[operator] ?? operator} ${pair[1].sql})`;
  return { sql, family: 'condition' };
}

function nullTest(operator: BinaryOperator, one: Part, other: Part): Part | null {
  const [operand, nothing] = other.family === 'null' ? [one, other] : [other, one];
  if (nothing.family !== 'null' || operand.family === 'null') return null;
  if (operator === 'is') return { sql: `(${operand.sql} IS NULL)`, family: 'condition' };
  if (operator === 'is not') return { sql: `(${operand.sql} IS NOT NULL)`, family: 'condition' };
  return null;
}

const NUMBERS: ReadonlySet<Family> = new Set(['integer', 'float', 'decimal']);

/** Both sides in a form in which PostgreSQL compares them as SQLite does; null where there is none. */
function comparable(one: Part, other: Part): readonly [Part, Part] | null {
  if (NUMBERS.has(one.family) && NUMBERS.has(other.family)) return [one, other];
  if (one.family === 'flag' || other.family === 'flag') {
    const [left, right] = [asFlag(one), asFlag(other)];
    return left === null || right === null ? null : [left, right];
  }
  if (one.family === 'enum' || other.family === 'enum') return asLabels(one, other);
  const isText = one.family === 'text' && other.family === 'text';
  const isBinary = [one, other].every(({ column }) => column?.isBinary !== false);
  return isText && isBinary ? [one, other] : null;
}

function asFlag(part: Part): Part | null {
  if (part.family === 'flag') return part;
  if (part.literal === '0') return { sql: 'FALSE', family: 'flag' };
  return part.literal === '1' ? { sql: 'TRUE', family: 'flag' } : null;
}

function asLabels(one: Part, other: Part): readonly [Part, Part] | null {
  const labels = one.column?.labels ?? other.column?.labels ?? [];
  const isKnown = [one, other].every(
    (part) =>
      part.family === 'enum' || (part.literal !== undefined && labels.includes(part.literal)),
  );
  const hasLiteral = one.literal !== undefined || other.literal !== undefined;
  return isKnown && hasLiteral ? [one, other] : null;
}

function membership(
  { operand, items, isNot }: Extract<Expression, { kind: 'in' }>,
  columns: ExpressionColumns,
): Part | null {
  const typed = isNot ? undefined : typeTest('=', operand, items, columns);
  if (typed !== undefined) return typed;
  const one = value(operand, columns);
  if (one === null) return null;
  if (one.column?.family === 'flag' && !isNot && isEveryFlag(items)) return trueUnlessNull(one);
  const pairs = items.map((item) => {
    const other = value(item, columns);
    return other === null || other.literal === undefined ? null : comparable(one, other);
  });
  const list = pairs.flatMap((pair) => (pair === null ? [] : [pair[1].sql]));
  if (list.length < items.length) return null;
  return { sql: `(${one.sql}${isNot ? ' NOT' : ''} IN (${list.join(', ')}))`, family: 'condition' };
}

function isEveryFlag(items: readonly Expression[]): boolean {
  const texts = new Set(items.map((item) => (item.kind === 'number' ? item.text : '')));
  return texts.has('0') && texts.has('1');
}

/** What `typeof()` says of the values of a family. */
const CLASSES: Readonly<Record<ColumnFamily, string>> = {
  integer: 'integer',
  float: 'real',
  decimal: 'real',
  text: 'text',
  enum: 'text',
  json: 'text',
  flag: 'integer',
  other: '',
};

/** `typeof(x) = 'text'` and the like, which the column's type itself demands; undefined for anything else. */
function typeTest(
  operator: BinaryOperator,
  left: Expression,
  items: readonly Expression[],
  columns: ExpressionColumns,
): Part | null | undefined {
  if (left.kind !== 'call' || left.name !== 'typeof') return undefined;
  const [operand] = left.operands;
  const column = operand === undefined ? null : (value(operand, columns)?.column ?? null);
  if (column === null || operator !== '=' || left.operands.length !== 1) return null;
  const classes = new Set(items.map((item) => (item.kind === 'text' ? item.text : '')));
  if (!classes.has(CLASSES[column.family])) return null;
  if (classes.has('null')) return { sql: 'TRUE', family: 'condition', isNeverFalse: true };
  return { sql: `(${quoteIdentifier(column.name)} IS NOT NULL)`, family: 'condition' };
}

/** Functions of one text that mean the same; `lower` and `upper` of SQLite know ASCII only, as "C" does. */
const TEXT_FUNCTIONS: Readonly<Record<string, (sql: string) => string>> = {
  lower: (sql) => `lower(${sql} COLLATE "C")`,
  upper: (sql) => `upper(${sql} COLLATE "C")`,
  trim: (sql) => `btrim(${sql}, ' ')`,
  ltrim: (sql) => `ltrim(${sql}, ' ')`,
  rtrim: (sql) => `rtrim(${sql}, ' ')`,
};

function call(
  { name, operands }: Extract<Expression, { kind: 'call' }>,
  columns: ExpressionColumns,
): Part | null {
  const parts = operands.map((operand) => value(operand, columns));
  const [one, other] = parts;
  if (one === undefined || one === null) return null;
  if (name === 'coalesce' || name === 'ifnull') return coalesced(parts);
  if (other !== undefined) return null;
  const textFunction = Object.hasOwn(TEXT_FUNCTIONS, name) ? TEXT_FUNCTIONS[name] : undefined;
  if (textFunction !== undefined && one.family === 'text') {
    return { sql: textFunction(one.sql), family: 'text' };
  }
  if (name === 'length' && one.family === 'text') {
    return { sql: `length(${one.sql})`, family: 'integer' };
  }
  if (name === 'abs' && one.family === 'integer') {
    return { sql: `abs(${one.sql}::numeric)`, family: 'integer' };
  }
  return name === 'json_valid' && one.family === 'json' ? trueUnlessNull(one) : null;
}

function coalesced(parts: readonly (Part | null)[]): Part | null {
  const [first] = parts;
  if (parts.length < 2 || first === undefined || first === null) return null;
  const isOneFamily = parts.every((part) => part !== null && part.family === first.family);
  const isBinary = parts.every((part) => part?.column?.isBinary !== false);
  if (!isOneFamily || !isBinary || first.family === 'null') return null;
  const sql = `coalesce(${parts.map((part) => part?.sql ?? '').join(', ')})`;
  return { sql, family: first.family };
}
