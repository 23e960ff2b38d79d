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
  TargetTableCheck,
  TargetTrigger,
  TargetUniqueKey,
} from '../model/target-catalog.ts';
import {
  CATALOG_QUERIES,
  type CheckRow,
  type ColumnRow,
  type ForeignKeyRow,
  type SequenceRow,
  type TableRow,
  type TriggerRow,
  type TypeRow,
  type UniqueKeyRow,
} from './catalog-queries.ts';
import { typeResolver, type TypeResolver } from './column-types.ts';

/** Prisma's own table; it is neither loaded nor emptied. */
export const MIGRATIONS_TABLE = '_prisma_migrations';

/**
 * Reads the tables of one schema from PostgreSQL's catalog and makes the schema the session's search path.
 *
 * @throws ToolkitError of kind `target-schema` when there is no such schema
 */
export async function introspectTarget(client: pg.Client, schema: string): Promise<TargetCatalog> {
  if (!(await listSchemas(client)).includes(schema)) {
    throw new ToolkitError({
      kind: 'target-schema',
      code: 'schema-missing',
      message: `the target database has no schema ${schema}`,
      hint: 'apply the migrations first: npx prisma migrate deploy (or name another --schema)',
    });
  }
  await useSchema(client, schema);
  const version = await client.query<{ version: string }>(
    `SELECT current_setting('server_version_num') AS version`,
  );
  const read = async <R extends pg.QueryResultRow>(sql: string): Promise<R[]> =>
    (await client.query<R>(sql, [schema])).rows;
  const tables = await read<TableRow>(CATALOG_QUERIES.tables);
  const resolveType = typeResolver(await read<TypeRow>(CATALOG_QUERIES.types));
  const byTable = {
    columns: groupBy(await read<ColumnRow>(CATALOG_QUERIES.columns), (row) => row.table_name),
    uniqueKeys: groupBy(
      await read<UniqueKeyRow>(CATALOG_QUERIES.uniqueKeys),
      (row) => row.table_name,
    ),
    checks: groupBy(await read<CheckRow>(CATALOG_QUERIES.checks), (row) => row.table_name),
    keys: groupBy(await read<ForeignKeyRow>(CATALOG_QUERIES.foreignKeys), (row) => row.table_name),
    triggers: groupBy(await read<TriggerRow>(CATALOG_QUERIES.triggers), (row) => row.table_name),
    sequences: groupBy(await read<SequenceRow>(CATALOG_QUERIES.sequences), (row) => row.table_name),
  };
  return {
    schema,
    serverVersion: Number(version.rows[0]?.version),
    tables: tables
      .filter((table) => table.table_name !== MIGRATIONS_TABLE)
      .map(({ table_name: name, has_deferrable_keys: hasDeferrableKeys }): TargetTable => ({
        name,
        hasDeferrableKeys,
        columns: (byTable.columns.get(name) ?? []).map((row) => toColumn(row, resolveType)),
        uniqueKeys: (byTable.uniqueKeys.get(name) ?? []).map(toUniqueKey),
        checks: (byTable.checks.get(name) ?? []).map(toCheck),
        foreignKeys: (byTable.keys.get(name) ?? []).map(toForeignKey),
        triggers: (byTable.triggers.get(name) ?? []).map(toTrigger),
        sequences: (byTable.sequences.get(name) ?? []).map(toSequence),
      })),
  };
}

const IDENTITIES = { '': null, a: 'always', d: 'by-default' } as const;

function toColumn(row: ColumnRow, resolveType: TypeResolver): TargetColumn {
  const type = resolveType(row.type_oid, row.type_modifier);
  return {
    name: row.column_name,
    type,
    notNull: row.not_null || type.domain?.notNull === true,
    hasDefault: row.has_default,
    identity: IDENTITIES[row.identity],
    isGenerated: row.is_generated,
    generatedSql: row.generated_sql,
    hasNondeterministicCollation: row.has_nondeterministic_collation,
  };
}

function toUniqueKey(row: UniqueKeyRow): TargetUniqueKey {
  return {
    name: row.key_name,
    columns: row.columns,
    nullsDistinct: row.nulls_distinct,
    isPrimary: row.is_primary,
    isDeferrable: row.is_deferrable,
  };
}

function toCheck(row: CheckRow): TargetTableCheck {
  return { name: row.constraint_name, sql: row.sql, columns: row.columns };
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

/** The schemas of the database, PostgreSQL's own left out. */
export async function listSchemas(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_catalog.pg_namespace
     WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname`,
  );
  return rows.map(({ name }) => name);
}

/** Makes the schema the session's search path. */
export async function useSchema(client: pg.Client, schema: string): Promise<void> {
  const path = [...new Set([schema, 'public'])].map(quoteIdentifier).join(', ');
  await client.query(`SET search_path = ${path}`);
}

/** A table of the schema, quoted for SQL. */
export function quoteTable(catalog: Pick<TargetCatalog, 'schema'>, table: string): string {
  return `${quoteIdentifier(catalog.schema)}.${quoteIdentifier(table)}`;
}

/**
 * The rows of a target table.
 *
 * @param condition SQL that chooses some of them; null for all
 */
export async function countTable(
  client: pg.Client,
  catalog: Pick<TargetCatalog, 'schema'>,
  table: string,
  condition: string | null = null,
): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*)::text AS count FROM ${quoteTable(catalog, table)} WHERE ${condition ?? 'true'}`,
  );
  return Number(rows[0]?.count ?? 0);
}
