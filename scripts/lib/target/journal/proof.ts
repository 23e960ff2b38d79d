import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import { quoteTable } from '../introspect.ts';
import { readRowsOfOtherRuns, type JournalTable } from './runs.ts';

/** What a table that a run loaded holds now. */
export interface TableNow {
  readonly table: JournalTable;
  readonly rows: number;
  /** What it holds if nothing but the runs of the journal wrote to it. */
  readonly rowsExpected: number;
  /** Rows that the run's own transaction wrote and nobody touched since. */
  readonly untouched: number;
  /** The xmin of these; null when nothing tells them from others. */
  readonly xmin: string | null;
}

/** A transaction's id in a row's xmin has 32 bits, and comes again after so many transactions. */
const XMIN_BITS = 32;

/**
 * The xmin of the rows that a run loaded into a table, if it still tells them from others: VACUUM,
 * CLUSTER and pg_upgrade keep it, but a restore of a dump gives all rows another, those of the journal
 * too, and could draw a number that the journal has.
 *
 * @param nextXid the id that the next transaction of the server gets
 * Source: https://www.postgresql.org/docs/current/ddl-system-columns.html,
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND
 */
export function xminOf(
  { xid, isOfItsTransaction }: Pick<JournalTable, 'xid' | 'isOfItsTransaction'>,
  nextXid: bigint,
): string | null {
  if (xid === null || !isOfItsTransaction) return null;
  const age = nextXid - BigInt(xid);
  const isUnique = age > 0n && age < 1n << BigInt(XMIN_BITS);
  return isUnique ? BigInt.asUintN(XMIN_BITS, BigInt(xid)).toString() : null;
}

/**
 * Counts what tables hold now. A row that was inserted or updated after the load has another xmin;
 * a row that was deleted is missing in the count. Rows that other runs of the journal added or took
 * back are known.
 */
export async function readTablesNow(
  client: pg.Client,
  catalog: Pick<TargetCatalog, 'schema'>,
  tables: readonly JournalTable[],
): Promise<TableNow[]> {
  const { rows: next } = await client.query<{ xid: string }>(
    'SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text AS xid',
  );
  const nextXid = BigInt(next[0]?.xid ?? 0);
  const now: TableNow[] = [];
  for (const table of tables) {
    const xmin = xminOf(table, nextXid);
    const { rows } = await client.query<{ rows: number; untouched: number }>(
      `SELECT count(*)::float8 AS rows, count(*) FILTER (WHERE xmin = $1::xid)::float8 AS untouched
       FROM ${quoteTable(catalog, table.targetTable)}`,
      [xmin],
    );
    const rowsOfOthers = await readRowsOfOtherRuns(client, catalog.schema, table);
    now.push({
      table,
      xmin,
      rows: rows[0]?.rows ?? 0,
      rowsExpected: (table.rowsAfter ?? 0) + rowsOfOthers,
      untouched: rows[0]?.untouched ?? 0,
    });
  }
  return now;
}

/** Whether a table holds exactly what the run left in it, and what other runs did to it since. */
export function isAsLoaded({ table, rows, rowsExpected, untouched }: TableNow): boolean {
  return rows === rowsExpected && untouched === table.rowsLoaded;
}

function describeChange({ table, rows, rowsExpected, untouched }: TableNow): string {
  const loaded = table.rowsLoaded ?? 0;
  const name = `${table.targetTable} (${loaded} rows loaded,`;
  return untouched === 0 && loaded > 0 && rows === rowsExpected
    ? `${name} all of them written anew since: by an UPDATE, ALTER TABLE or a restore)`
    : `${name} ${untouched} of them untouched; it should hold ${rowsExpected} rows, and holds ${rows})`;
}

/** The error that refuses to go on from tables that are no longer what was loaded. */
export function changedSince(changed: readonly TableNow[], hint: string): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'loaded-rows-changed',
    message: `tables do not hold any more what was loaded: ${changed.map(describeChange).join('; ')}`,
    where: { table: changed.map(({ table }) => table.targetTable).join(', ') },
    hint,
  });
}
