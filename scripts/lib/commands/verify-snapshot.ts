import type pg from 'pg';

import { compareConstraints } from '../compare/target/constraints.ts';
import { reportTable } from '../compare/target/findings.ts';
import { compareSequences } from '../compare/target/sequences.ts';
import type { ReadAhead } from '../compare/target/read-ahead.ts';
import { compareTable } from '../compare/target/table.ts';
import type { PhaseTable } from '../model/progress.ts';
import type { ComparedTable, TargetComparison } from '../model/target-comparison.ts';
import { countTable } from '../target/introspect.ts';
import type { Prepared, PreparedTable } from './verify-target.ts';

/**
 * Begins a transaction that sees one state of the target and cannot write: it may run beside the
 * application.
 *
 * Source: https://www.postgresql.org/docs/current/transaction-iso.html#XACT-REPEATABLE-READ
 */
export async function beginSnapshot(client: pg.Client): Promise<void> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  // A row that the role may not see would look as if it were missing: an error is better.
  await client.query(`SET LOCAL bytea_output = 'hex'; SET LOCAL row_security = off`);
}

/**
 * Compares what the target holds with what it should hold, in the transaction of its snapshot, which
 * ends here.
 */
export async function compareTarget(
  prepared: Prepared,
  ahead: ReadAhead,
): Promise<TargetComparison> {
  const { session, schema, context, mapping, sample } = prepared;
  const { client, label } = session;
  context.progress.note(`comparing with ${label}, schema ${schema}`);
  context.progress.plan?.('compare', prepared.tables.map(phaseTable(prepared)));
  const tables: ComparedTable[] = [];
  for (const table of prepared.tables) tables.push(await compareOne(prepared, table, ahead));
  const plans = prepared.tables.map(({ plan }) => plan);
  const comparison: TargetComparison = {
    target: `${label}?schema=${schema}`,
    mappingFrom: mapping.from,
    run: mapping.from === 'journal' ? mapping.run : null,
    isSample: sample !== null,
    sample,
    totalRows: tables.reduce((sum, table) => sum + table.rowsOfArchive, 0),
    tables,
    sequences: await compareSequences(client, prepared.catalog, plans, prepared.findings),
    constraints: await compareConstraints(client, schema, prepared.findings),
    otherTables: await countOthers(prepared),
  };
  await client.query('COMMIT');
  return comparison;
}

function phaseTable({ ledger }: Prepared): (table: PreparedTable) => PhaseTable {
  return ({ plan, sample }) => ({
    table: plan.target.name,
    rows: sample?.list().length ?? plan.source.rowCount - ledger.rowsLeftOut(plan.source.name),
    bytes: null,
  });
}

async function compareOne(
  prepared: Prepared,
  table: PreparedTable,
  ahead: ReadAhead,
): Promise<ComparedTable> {
  const { session, options, lostRows, ledger, findings } = prepared;
  const { plan, format, digest, sample } = table;
  const rowsLeftOut = ledger.rowsLeftOut(plan.source.name);
  const compared = await compareTable({
    client: session.client,
    catalog: prepared.catalog,
    artifact: prepared.artifact,
    plan,
    format,
    isInOrder: digest.isInOrder,
    archiveDigest: digest.result(),
    ahead,
    sample,
    lostReferences: lostRows.referencesOf(plan),
    rowsLeftOut,
    showValues: options.showValues,
    context: prepared.context,
  });
  reportTable(compared, plan.source.rowCount - rowsLeftOut, findings);
  return compared;
}

/** The tables that the artifact has nothing for: no difference, but nothing of them was compared. */
async function countOthers({
  session,
  catalog,
  tables,
  findings,
}: Prepared): Promise<TargetComparison['otherTables']> {
  const compared = new Set(tables.map(({ plan }) => plan.target.name));
  const others: { table: string; rowCount: number }[] = [];
  for (const { name } of catalog.tables.filter((table) => !compared.has(table.name))) {
    const rowCount = await countTable(session.client, catalog, name);
    others.push({ table: name, rowCount });
    findings.add(
      {
        code: 'target-table-not-compared',
        severity: 'info',
        kind: 'structure',
        message: 'the artifact has nothing for these tables of the target',
        where: {},
      },
      { detail: `${name}: ${rowCount} ${rowCount === 1 ? 'row' : 'rows'}` },
    );
  }
  return others;
}
