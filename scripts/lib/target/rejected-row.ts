import pg from 'pg';

import { readLineBatches } from '../artifact/data-file.ts';
import { LineParser } from '../artifact/line.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import type { FindingCollector, FindingExample } from '../model/findings.ts';
import { rowKeyDescriber } from '../model/row-key.ts';
import { loadedRow } from './loaded-row.ts';

/**
 * SQLSTATE classes that speak of a value or a row: data exception, integrity constraint violation,
 * program limit exceeded (a key too long for an index, JSON too deep).
 */
const DATA_CLASSES = new Set(['22', '23', '54']);

/**
 * Reports a row that PostgreSQL itself refused, such as one that breaks an exclusion constraint. COPY
 * says the line of its input, which leads to the line of the data file.
 *
 * @returns false when the error speaks of something else
 */
export async function reportRejectedRow(
  error: unknown,
  artifact: Artifact,
  plan: TablePlan,
  lostReferences: LostReferences,
  findings: FindingCollector,
): Promise<boolean> {
  const { source: table, target } = plan;
  if (!(error instanceof pg.DatabaseError)) return false;
  if (!DATA_CLASSES.has(error.code?.slice(0, 2) ?? '')) return false;
  const line = copyLineOf(error, target.name);
  const example = line === null ? {} : await describeRow(artifact, plan, lostReferences, line);
  findings.add(
    {
      code: 'row-rejected',
      severity: 'blocking',
      kind: 'data',
      message: `PostgreSQL refuses a row: ${error.message} (SQLSTATE ${error.code ?? ''})`,
      where: {
        table: table.name,
        file: table.file,
        ...(error.column === undefined ? {} : { column: error.column }),
        ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
      },
      hint: 'mend the constraint in the target and run the same import again; or mend the row in the source, export, and import that with --restart --truncate',
    },
    { ...example, ...(error.detail === undefined ? {} : { detail: error.detail }) },
  );
  return true;
}

/** `COPY orders, line 12, column total: "x"`, perhaps in another language and among other lines of context. */
function copyLineOf(error: pg.DatabaseError, table: string): number | null {
  const prefix = `COPY ${table}, `;
  const context = (error.where ?? '').split('\n').find((line) => line.startsWith(prefix));
  const line = /^\D*(\d+)/.exec(context?.slice(prefix.length) ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

/** Finds the row that went to COPY as its line `wanted`: rows that the mapping leaves out did not. */
async function describeRow(
  artifact: Artifact,
  plan: TablePlan,
  lostReferences: LostReferences,
  wanted: number,
): Promise<FindingExample> {
  const { source: table } = plan;
  const names = table.columns.map((column) => column.name);
  const describe = rowKeyDescriber(names, table.primaryKey);
  const convert = loadedRow(plan, lostReferences);
  const parser = new LineParser(names);
  let copied = 0;
  for await (const batch of readLineBatches(rowsFile(artifact, table))) {
    for (const [index, bytes] of batch.lines.entries()) {
      const row = parser.parse(bytes);
      if (convert(row) === null) continue;
      copied += 1;
      if (copied < wanted) continue;
      const rowKey = describe(row);
      const line = batch.firstLine + index;
      return rowKey === undefined ? { line } : { line, rowKey };
    }
  }
  return {};
}
