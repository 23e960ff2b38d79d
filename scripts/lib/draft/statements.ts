import { quoteIdentifier } from '../model/sql.ts';
import type { SourceIndex } from '../source/schema-objects.ts';
import { foldName } from '../source/names.ts';
import type { Decisions } from './decisions.ts';
import { columnId, definitionOf, type DraftSource } from './input.ts';
import { constraintName } from './keys.ts';
import type { DraftedColumn, DraftedEnum, DraftedTable } from './model.ts';
import { freeName, shortName } from './names/database-names.ts';
import { parseExpression } from './sql/expression.ts';
import { conditionSql, valueSql, type ExpressionColumns } from './sql/postgres-sql.ts';
import { isKeyword, isSymbol, tokensOf } from './sql/tokens.ts';
import { closeOf, splitAtCommas } from './sql/table-definition.ts';

/** What the statements of a table are drafted from. */
export interface StatementWork {
  readonly source: DraftSource;
  readonly table: DraftedTable;
  readonly expressions: ExpressionColumns;
  readonly enums: ReadonlyMap<string, DraftedEnum>;
  /** Names that PostgreSQL's schema has given out; new ones are added. */
  readonly used: Set<string>;
  readonly decisions: Decisions;
}

/**
 * What Prisma's language cannot say of a table and PostgreSQL can: generated columns, CHECKs, partial
 * and expression indexes, unique keys that do not tell case apart, keys that are checked at the end.
 */
export function draftStatements(work: StatementWork): string[] {
  return [
    ...generatedColumns(work),
    ...checks(work),
    ...specialIndexes(work),
    ...looseUniqueKeys(work),
    ...deferredKeys(work),
  ];
}

function alter({ table }: StatementWork, what: string): string {
  return `ALTER TABLE ${quoteIdentifier(table.databaseName)} ${what};`;
}

function generatedColumns(work: StatementWork): string[] {
  return work.table.columns.flatMap((column) => {
    const { generatedSql, databaseName, type, isOptional } = column;
    if (generatedSql === null) return [];
    const name = quoteIdentifier(databaseName);
    const notNull = isOptional ? '' : ' NOT NULL';
    const definition = `${name} ${type.postgres.display} GENERATED ALWAYS AS (${generatedSql}) STORED${notNull}`;
    return [alter(work, `DROP COLUMN ${name}`), alter(work, `ADD COLUMN ${definition}`)];
  });
}

function checks(work: StatementWork): string[] {
  const { source, table } = work;
  return definitionOf(source, table.source.name).checks.flatMap((check) => {
    const { name, sql } = check;
    const expression = parseExpression(sql);
    const condition = expression === null ? null : conditionSql(expression, work.expressions);
    if (condition?.isNeverFalse === true || isSaidByEnum(work, sql)) return [];
    if (condition === null) {
      work.decisions.add('not-kept', table.source.name, [], {
        text: 'a CHECK that PostgreSQL might judge otherwise: write it by hand if it matters',
        sql: `CHECK (${sql})`,
      });
      return [];
    }
    const constraint = name === null ? checkName(work, sql) : takenName(name, work.used);
    return [alter(work, `ADD CONSTRAINT ${quoteIdentifier(constraint)} CHECK (${condition.sql})`)];
  });
}

function checkName({ table, used }: StatementWork, sql: string): string {
  const columns = table.columns.map(({ source }) => source.name);
  const mentioned = columns.filter((name) => mentions(sql, name));
  return constraintName({ ...table, used }, mentioned, 'check').name;
}

/** Whether the type of a column says what the CHECK does. */
function isSaidByEnum({ table, enums }: StatementWork, sql: string): boolean {
  return table.columns.some(
    ({ source, type }) =>
      type.family === 'enum' &&
      enums.has(columnId(table.source.name, source.name)) &&
      mentions(sql, source.name) &&
      isList(sql),
  );
}

/** `x IN (…)`, alone or beside `x IS NULL`. */
function isList(sql: string): boolean {
  const expression = parseExpression(sql);
  const sides =
    expression?.kind === 'binary' && expression.operator === 'or'
      ? [expression.left, expression.right]
      : [expression];
  return sides.some((side) => side?.kind === 'in');
}

/** The source's own name for a constraint or an index, or one near it. */
function takenName(name: string, used: Set<string>): string {
  const wanted = shortName(name.replaceAll('"', '_'));
  const free = used.has(wanted) ? freeName(wanted, used) : wanted;
  used.add(free);
  return free;
}

function mentions(sql: string, column: string): boolean {
  const folded = foldName(column);
  return (tokensOf(sql) ?? []).some(
    ({ kind, text }) => (kind === 'word' || kind === 'name') && foldName(text) === folded,
  );
}

/** Indexes over a part of the rows, or over expressions. */
function specialIndexes(work: StatementWork): string[] {
  const { source, table } = work;
  const indexes = source.objects.indexes.get(table.source.name) ?? [];
  return indexes
    .filter(({ isPartial, parts }) => isPartial || parts.some(({ column }) => column === null))
    .flatMap((index) => specialIndex(work, index));
}

function specialIndex(work: StatementWork, index: SourceIndex): string[] {
  const { table, expressions, used, decisions } = work;
  const read = readIndex(index, expressions);
  if (read === null) {
    decisions.add('not-kept', table.source.name, [], {
      text: `the index ${index.name} is left out: PostgreSQL might mean something else by its expressions`,
      sql: index.sql,
    });
    return [];
  }
  const name = quoteIdentifier(takenName(index.name, used));
  const unique = index.isUnique ? 'UNIQUE ' : '';
  const where = read.where === null ? '' : ` WHERE ${read.where}`;
  const on = `${quoteIdentifier(table.databaseName)} (${read.parts.join(', ')})`;
  return [`CREATE ${unique}INDEX ${name} ON ${on}${where};`];
}

/** The parts and the condition of an index in PostgreSQL's SQL; null where they cannot be said. */
function readIndex(
  { sql, parts, isPartial }: SourceIndex,
  expressions: ExpressionColumns,
): { readonly parts: readonly string[]; readonly where: string | null } | null {
  const tokens = tokensOf(sql);
  const open = tokens?.findIndex((token) => isSymbol(token, '(')) ?? -1;
  if (tokens === null || open === -1) return null;
  const close = closeOf(tokens, open);
  const pieces = splitAtCommas(tokens.slice(open + 1, close));
  const read = parts.map(({ column, isDescending, collation }, index) => {
    const piece = (pieces[index] ?? []).filter((token) => !isKeyword(token, 'ASC', 'DESC'));
    const text = column === null ? sql.slice(piece[0]?.start ?? 0, piece.at(-1)?.end ?? 0) : '';
    const parsed =
      column === null ? parseExpression(text) : ({ kind: 'column', name: column } as const);
    const value = parsed === null ? null : valueSql(parsed, expressions);
    const folded = value === null ? null : folding(collation, value.sql, value.family);
    if (folded === null) return null;
    return `${column === null || folded !== value?.sql ? `(${folded})` : folded}${isDescending ? ' DESC' : ''}`;
  });
  const whereTokens = tokens.slice(close + 1);
  const where =
    isPartial && isKeyword(whereTokens[0], 'WHERE') ? sql.slice(whereTokens[0]?.end ?? 0) : null;
  const parsed = where === null ? null : parseExpression(where);
  const condition = parsed === null ? null : conditionSql(parsed, expressions);
  const isWhole = read.every((part) => part !== null) && (!isPartial || condition !== null);
  if (!isWhole) return null;
  return {
    parts: read.flatMap((part) => part ?? []),
    where: condition?.sql ?? null,
  };
}

/** A value by which PostgreSQL tells apart what a collation of SQLite does; null where it has none. */
function folding(collation: string, sql: string, family: string): string | null {
  if (family !== 'text') return sql;
  switch (collation.toUpperCase()) {
    case 'BINARY':
      return sql;
    case 'NOCASE':
      return `lower(${sql} COLLATE "C")`;
    case 'RTRIM':
      return `rtrim(${sql}, ' ')`;
    default:
      return null;
  }
}

/** Unique keys to which texts are one that differ in case, or in blanks at their ends. */
function looseUniqueKeys(work: StatementWork): string[] {
  const { table, used, decisions } = work;
  return table.source.uniqueKeys.flatMap(({ columns }) => {
    const isKept = [table.primaryKey, ...table.uniqueKeys].some(
      (key) => key?.columns.join('\0') === columns.map(({ name }) => name).join('\0'),
    );
    if (!isKept || columns.every(({ collation }) => collation.toUpperCase() === 'BINARY'))
      return [];
    const names = columns.map(({ name }) => name);
    const parts = columns.map(({ name, collation }) => {
      const column = table.columns.find(({ source }) => source.name === name);
      return column === undefined ? null : looseColumn(column, collation);
    });
    if (parts.includes(null)) {
      decisions.add('not-kept', table.source.name, names, {
        text: `unique to the bytes only: PostgreSQL does not know the collation ${columns.map(({ collation }) => collation).join(', ')}`,
      });
      return [];
    }
    // Values that are no texts have no case.
    if (parts.every((part) => part?.startsWith('"') === true)) return [];
    const name = constraintName({ ...table, used }, names, 'key');
    decisions.add('kept-differently', table.source.name, names, {
      text: `COLLATE ${[...new Set(columns.map(({ collation }) => collation))].join(', ')}: unique by an index over ${parts.join(', ')} in the migration; comparisons in queries tell case apart (mode: "insensitive" does not), or make the column citext`,
    });
    const on = `${quoteIdentifier(table.databaseName)} (${parts.join(', ')})`;
    return [`CREATE UNIQUE INDEX ${quoteIdentifier(name.name)} ON ${on};`];
  });
}

function looseColumn({ databaseName, type }: DraftedColumn, collation: string): string | null {
  const name = quoteIdentifier(databaseName);
  const folded = folding(collation, name, type.family);
  return folded === null || folded === name ? folded : `(${folded})`;
}

function deferredKeys(work: StatementWork): string[] {
  return work.table.foreignKeys.flatMap(({ isDeferred, constraint }) =>
    isDeferred
      ? [
          alter(
            work,
            `ALTER CONSTRAINT ${quoteIdentifier(constraint.name)} DEFERRABLE INITIALLY DEFERRED`,
          ),
        ]
      : [],
  );
}
