import type pg from 'pg';

import { ToolkitError } from '../model/errors.ts';
import { groupBy } from '../model/collections.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type {
  TargetCatalog,
  TargetColumn,
  TargetForeignKey,
  TargetSequence,
  TargetTable,
  TargetTrigger,
} from '../model/target-catalog.ts';
import {
  CATALOG_QUERIES,
  type ColumnRow,
  type ForeignKeyRow,
  type SequenceRow,
  type TableRow,
  type TriggerRow,
} from './catalog-queries.ts';

/** Prisma's own table; it is neither loaded nor emptied. */
export const MIGRATIONS_TABLE = '_prisma_migrations';

/**
 * Reads the tables of one schema from PostgreSQL's catalog and makes the schema the session's search path.
 *
 * @throws ToolkitError of kind `target-schema` when there is no such schema
 */
export async function introspectTarget(client: pg.Client, schema: string): Promise<TargetCatalog> {
  const { rowCount } = await client.query(
    'SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1',
    [schema],
  );
  if (rowCount === 0) {
    throw new ToolkitError({
      kind: 'target-schema',
      code: 'schema-missing',
      message: `the target database has no schema ${schema}`,
      hint: 'apply the migrations first: npx prisma migrate deploy (or name another --schema)',
    });
  }
  const path = [...new Set([schema, 'public'])].map(quoteIdentifier).join(', ');
  await client.query(`SET search_path = ${path}`);
  const read = async <R extends pg.QueryResultRow>(sql: string): Promise<R[]> =>
    (await client.query<R>(sql, [schema])).rows;
  const tables = await read<TableRow>(CATALOG_QUERIES.tables);
  const byTable = {
    columns: groupBy(await read<ColumnRow>(CATALOG_QUERIES.columns), (row) => row.table_name),
    keys: groupBy(await read<ForeignKeyRow>(CATALOG_QUERIES.foreignKeys), (row) => row.table_name),
    triggers: groupBy(await read<TriggerRow>(CATALOG_QUERIES.triggers), (row) => row.table_name),
    sequences: groupBy(await read<SequenceRow>(CATALOG_QUERIES.sequences), (row) => row.table_name),
  };
  return {
    schema,
    tables: tables
      .filter((table) => table.table_name !== MIGRATIONS_TABLE)
      .map(({ table_name: name, has_deferrable_keys: hasDeferrableKeys }): TargetTable => ({
        name,
        hasDeferrableKeys,
        columns: (byTable.columns.get(name) ?? []).map(toColumn),
        foreignKeys: (byTable.keys.get(name) ?? []).map(toForeignKey),
        triggers: (byTable.triggers.get(name) ?? []).map(toTrigger),
        sequences: (byTable.sequences.get(name) ?? []).map(toSequence),
      })),
  };
}

function toColumn(row: ColumnRow): TargetColumn {
  return {
    name: row.column_name,
    notNull: row.not_null,
    hasDefault: row.has_default,
    isGenerated: row.is_generated,
    type: {
      name: row.type_name,
      display: row.type_display,
      kind: row.type_kind,
      enumLabels: row.enum_labels,
      modifier: row.type_modifier,
    },
  };
}

function toForeignKey(row: ForeignKeyRow): TargetForeignKey {
  return {
    name: row.constraint_name,
    columns: row.columns,
    parentSchema: row.parent_schema,
    parentTable: row.parent_table,
    parentColumns: row.parent_columns,
    operators: row.operators,
    match: row.match_type === 'f' ? 'full' : 'simple',
    isValidated: row.is_validated,
    isEnforced: row.is_enforced,
    isTemporal: row.is_temporal,
    isDeferrable: row.is_deferrable,
    isDeferred: row.is_deferred,
  };
}

function toTrigger(row: TriggerRow): TargetTrigger {
  return { name: row.trigger_name, standsOn: row.stands_on, state: row.state };
}

function toSequence(row: SequenceRow): TargetSequence {
  return {
    column: row.column_name,
    sql: row.sequence_sql,
    feedsInteger: row.feeds_integer,
    start: BigInt(row.start_value),
    increment: BigInt(row.increment_by),
    max: BigInt(row.max_value),
  };
}

/** A table of the schema, quoted for SQL. */
export function quoteTable(catalog: Pick<TargetCatalog, 'schema'>, table: string): string {
  return `${quoteIdentifier(catalog.schema)}.${quoteIdentifier(table)}`;
}
