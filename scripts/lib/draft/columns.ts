import type { ColumnCensus } from '../model/census.ts';
import type { SourceColumn, SourceTable } from '../model/source-catalog.ts';
import { foldName } from '../source/names.ts';
import { chosen, type TypeChoice } from './choices.ts';
import type { Decisions } from './decisions.ts';
import { draftDefault } from './defaults.ts';
import { censusOf, columnId, definitionOf, type DraftSource } from './input.ts';
import type { DraftedColumn, DraftedEnum } from './model.ts';
import type { ColumnNames } from './table-names.ts';
import { parseExpression } from './sql/expression.ts';
import { valueSql, type ExpressionColumn, type ExpressionColumns } from './sql/postgres-sql.ts';
import type { DraftedType } from './types/drafted-type.ts';

/** What the columns of a table are drafted from. */
export interface ColumnWork {
  readonly source: DraftSource;
  readonly table: SourceTable;
  readonly names: ReadonlyMap<string, ColumnNames>;
  /** By {@link columnId}. */
  readonly choices: ReadonlyMap<string, TypeChoice>;
  readonly enums: ReadonlyMap<string, DraftedEnum>;
  readonly decisions: Decisions;
}

/** Drafts the columns of a table in their order. */
export function draftColumns(work: ColumnWork): DraftedColumn[] {
  const expressions = expressionColumns(work);
  return work.table.columns.map((column) => draftColumn(work, column, expressions));
}

function choiceOf({ choices, table }: ColumnWork, column: SourceColumn): TypeChoice {
  const choice = choices.get(columnId(table.name, column.name));
  if (choice === undefined) throw new Error(`no choice for ${table.name}.${column.name}`);
  return choice;
}

/** The columns of a table as an expression may use them, by folded name. */
export function expressionColumns(work: ColumnWork): ExpressionColumns {
  const { table, names, source } = work;
  return new Map(
    table.columns.map((column): [string, ExpressionColumn] => {
      const { type } = chosen(choiceOf(work, column));
      const census = censusOf(source, table.name, column.name);
      return [
        foldName(column.name),
        {
          name: names.get(column.name)?.database ?? column.name,
          family: comparesAlike(type, column, census) ? type.family : 'other',
          isBinary: column.collation === 'BINARY' && source.catalog.facts.encoding === 'UTF-8',
          labels: type.postgres.enumLabels,
        },
      ];
    }),
  );
}

/** Whether SQLite, too, takes the values for what the drafted type makes of them. */
function comparesAlike(
  { family }: DraftedType,
  { affinity }: SourceColumn,
  { integers, reals, texts }: ColumnCensus,
): boolean {
  switch (family) {
    case 'text':
    case 'enum':
      return affinity === 'text' || (integers === null && reals === null);
    case 'integer':
    case 'float':
    case 'decimal':
    case 'flag':
      return affinity !== 'text' && texts === null;
    case 'json':
    case 'other':
      return true;
    default:
      return family satisfies never;
  }
}

function draftColumn(
  work: ColumnWork,
  column: SourceColumn,
  expressions: ExpressionColumns,
): DraftedColumn {
  const { source, table, names, enums, decisions } = work;
  const { type, convert } = chosen(choiceOf(work, column));
  const { nulls } = censusOf(source, table.name, column.name);
  const isKey = table.primaryKey.includes(column.name);
  if (column.notNull && nulls > 0) {
    decisions.add('kept-differently', table.name, [column.name], {
      text: `declared NOT NULL, and ${nulls} rows hold NULL: drafted as optional`,
    });
  }
  const { field, database } = names.get(column.name) ?? {
    field: column.name,
    database: column.name,
  };
  const drafted = type.family === 'enum' ? enums.get(columnId(table.name, column.name)) : undefined;
  return {
    source: column,
    field,
    databaseName: database,
    type,
    isOptional: nulls > 0 || !(column.notNull || isKey),
    defaultValue: defaultOf(work, column, type, drafted ?? null),
    generatedSql: generatedOf(work, column, { type, convert }, expressions),
    isUpdatedAt: isUpdatedAt(work, column, type),
    convert,
  };
}

function defaultOf(
  work: ColumnWork,
  column: SourceColumn,
  type: DraftedType,
  drafted: DraftedEnum | null,
): string | null {
  const { table, decisions } = work;
  const isCounted = column.name === table.rowidAlias && type.family === 'integer';
  if (isCounted) return sequenceOf(work, table, column);
  if (column.generated !== null) return null;
  const value = draftDefault(column, type, drafted);
  if (value === null) {
    decisions.add('not-kept', table.name, [column.name], {
      text: `its default is not drafted: ${type.postgres.display} has no such default in Prisma's words`,
      sql: column.defaultSql ?? '',
    });
  }
  return value === null || value === 'none' ? null : value.text;
}

const LAST_NUMBER = (2n ** 63n - 1n).toString();

/** The next number of a sequence, unless the numbers come from another table, or there is none left. */
function sequenceOf(
  { source, decisions }: ColumnWork,
  table: SourceTable,
  column: SourceColumn,
): string | null {
  const isShared = table.foreignKeys.some(({ columns }) => columns.includes(column.name));
  if (isShared && source.definitions.get(table.name)?.isAutoincrement !== true) return null;
  const { integers } = censusOf(source, table.name, column.name);
  // AUTOINCREMENT has given out its mark, even if that row is gone.
  const given = [integers?.maximum, table.autoincrementMark?.toString()];
  if (!given.includes(LAST_NUMBER)) return 'autoincrement()';
  decisions.add('not-kept', table.name, [column.name], {
    text: `no sequence gives it new numbers: ${LAST_NUMBER} was given out, and there is none after it`,
  });
  return null;
}

/** The expression of a generated column that PostgreSQL is to compute. */
function generatedOf(
  work: ColumnWork,
  column: SourceColumn,
  { type, convert }: Pick<DraftedColumn, 'type' | 'convert'>,
  expressions: ExpressionColumns,
): string | null {
  const { source, table, decisions } = work;
  if (column.generated === null) return null;
  const sql = definitionOf(source, table.name).generated.get(foldName(column.name)) ?? '';
  const parsed = parseExpression(sql);
  const value = parsed === null ? null : valueSql(parsed, expressions);
  // It is taken away and made anew, which would take its keys and indexes away too.
  const isUsed = isUsedByKeys(source, table, column.name);
  const usesGenerated = table.columns.some(
    ({ name, generated }) => generated !== null && name !== column.name && sql.includes(name),
  );
  // What SQLite made of the expression's value, by the column's type, PostgreSQL would not.
  const isSame = value?.family === type.family && convert.length === 0;
  if (value !== null && isSame && !isUsed && !usesGenerated) return value.sql;
  decisions.add('not-kept', table.name, [column.name], {
    text: 'a generated column, drafted as an ordinary one: it gets the values that it has, and from then on the application has to fill it',
    sql,
  });
  return null;
}

function isUsedByKeys({ objects }: DraftSource, table: SourceTable, column: string): boolean {
  const indexes = objects.indexes.get(table.name) ?? [];
  return (
    table.uniqueKeys.some(({ columns }) => columns.some(({ name }) => name === column)) ||
    table.foreignKeys.some(({ columns }) => columns.includes(column)) ||
    indexes.some(
      ({ parts, sql }) => parts.some((part) => part.column === column) || sql.includes(column),
    )
  );
}

const UPDATED_AT = /^updated_?at$/i;
const CREATED_AT = /^created_?at$/i;

/** As most frameworks have it: created_at is filled once, updated_at on each change. */
function isUpdatedAt(
  { table, decisions }: ColumnWork,
  { name }: SourceColumn,
  type: DraftedType,
): boolean {
  const hasCreatedAt = table.columns.some((other) => CREATED_AT.test(other.name));
  const isTime = type.postgres.name === 'timestamptz';
  if (!UPDATED_AT.test(name) || !hasCreatedAt || !isTime) return false;
  decisions.add('guess', table.name, [name], {
    text: "@updatedAt: Prisma's client fills it on each change",
  });
  return true;
}
