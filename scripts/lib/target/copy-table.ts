import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { closeBatches, scanDataFile } from '../artifact/data-file.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { sizeOf, type ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import { loadedFields } from '../mapping/line-fields.ts';
import { LineWriter, needsWholeRows } from '../mapping/line-writer.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import { rowConverter, type ConvertedRow } from '../mapping/row.ts';
import { ToolkitError } from '../model/errors.ts';
import type { Activity } from '../model/progress.ts';
import { describeValue, rowKeyDescriber } from '../model/row-key.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import type { Row } from '../model/values.ts';
import { ByteWriter } from '../value/bytes/byte-writer.ts';
import { quoteTable } from './introspect.ts';
import { untilIdle } from './lost-connection.ts';

export interface CopyOptions {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly artifact: Artifact;
  readonly plan: TablePlan;
  /** Quoted for SQL; the plan's own table when absent. */
  readonly into?: string;
  /** What refers to rows that the mapping leaves out, as the check before the load found it. */
  readonly lostReferences: LostReferences;
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/** What waits for the server while the next rows are made ready. */
const BYTES_IN_FLIGHT = 1024 * 1024;

/**
 * Copies a data file into its table, inside the session's transaction. The file is hashed and counted
 * again while it streams: if it is not what the manifest says, the COPY fails and nothing of it stays.
 *
 * @returns the rows that PostgreSQL says it copied
 */
export async function copyTable(options: CopyOptions): Promise<number> {
  const { client, catalog, plan, signal, into = quoteTable(catalog, plan.target.name) } = options;
  const columns = loadedFields(plan).map(({ target }) => quoteIdentifier(target.name));
  const sql = `COPY ${into} (${columns.join(', ')}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`;
  const stream = client.query(copyFrom(sql, { highWaterMark: BYTES_IN_FLIGHT }));
  try {
    await pipeline(copyLines(options), stream, { signal });
  } catch (error) {
    await untilIdle(client);
    throw error;
  }
  return stream.rowCount;
}

async function* copyLines(options: CopyOptions): AsyncGenerator<Buffer, void> {
  const { artifact, plan, activity, signal } = options;
  const { source } = plan;
  const names = source.columns.map((column) => column.name);
  const out = new ByteWriter();
  const write = lineWriter(options, out);
  const batches = scanDataFile(rowsFile(artifact, source), names, signal);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        const { sha256, lineCount } = step.value;
        if (sha256 === source.sha256 && lineCount === source.rowCount) return;
        throw changedSinceCheck(source);
      }
      const rows = step.value;
      if ('fault' in rows) throw changedSinceCheck(source);
      for (let row = 0; row < rows.rowCount; row++) write(rows, row);
      activity.advance(rows.rowCount, sizeOf(rows));
      if (out.position > 0) yield out.take();
    }
  } finally {
    await closeBatches(batches);
  }
}

const TRY_AGAIN = 'let nothing write to the artifact, run verify, then import again';

function changedSinceCheck({ name, file }: ManifestTable): ToolkitError {
  return new ToolkitError({
    kind: 'artifact',
    code: 'artifact-changed',
    message:
      'the file changed since it was checked: its rows or SHA-256 are not those of the manifest',
    where: { table: name, file },
    hint: TRY_AGAIN,
  });
}

/** Makes the function that writes what COPY gets of a row; nothing when the mapping leaves it out. */
function lineWriter(
  { plan, lostReferences }: CopyOptions,
  out: ByteWriter,
): (rows: ScannedRows, row: number) => void {
  const convert = loadedRow(plan, lostReferences);
  const lines = new LineWriter(loadedFields(plan));
  const isRowByRow = needsWholeRows(plan, lostReferences);
  return (rows, row) => {
    if (!isRowByRow && lines.writeScanned(rows, row, out)) return;
    const whole = readRow(rows, row);
    const values = convert(whole);
    if (values !== null) lines.writeRow(whole, values, out);
  };
}

const ignore = (): void => undefined;

/**
 * Makes the function that gives what is loaded of a row, or null when the mapping leaves it out.
 * Every value was tried before the load began.
 *
 * @throws ToolkitError of kind `artifact` for a value that does not fit: the file is another one now
 */
export function loadedRow(
  plan: TablePlan,
  lostReferences: LostReferences,
): (row: Row) => ConvertedRow | null {
  const { name, file, columns, primaryKey } = plan.source;
  const describeRow = rowKeyDescriber(
    columns.map((column) => column.name),
    primaryKey,
  );
  let current: Row = [];
  const fail = (column: string | undefined, reason: string): never => {
    const rowKey = describeRow(current);
    throw new ToolkitError({
      kind: 'artifact',
      code: 'artifact-changed',
      message: `a value does not fit that did when it was checked: ${reason}`,
      where: {
        table: name,
        file,
        ...(column === undefined ? {} : { column }),
        ...(rowKey === undefined ? {} : { rowKey }),
      },
      hint: TRY_AGAIN,
    });
  };
  const convert = rowConverter(
    plan,
    {
      changed: ignore,
      leftOut: ignore,
      misfit: ({ source }, value, { reason }) =>
        fail(source?.name, `${describeValue(value)} ${reason}`),
      nullRefused: ({ source, target }) => fail(source?.name, `NULL in ${target.name}`),
      orphaned: ({ columns: names, parentTable }) =>
        fail(names.join(', '), `its parent in ${parentTable} is left out`),
    },
    lostReferences,
  );
  return (row) => {
    current = row;
    return convert(row);
  };
}
