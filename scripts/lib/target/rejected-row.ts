import pg from 'pg';

import { readLineBatches } from '../artifact/data-file.ts';
import { LineParser } from '../artifact/line.ts';
import { artifactPath, type Artifact } from '../artifact/reader.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { FindingCollector, FindingExample } from '../model/findings.ts';
import { rowKeyDescriber } from '../model/row-key.ts';

/** SQLSTATE classes that speak of a value or a row: data exception, integrity constraint violation. */
const DATA_CLASSES = new Set(['22', '23']);

/**
 * Reports a row that PostgreSQL itself refused, such as one that breaks a CHECK or a unique key. COPY
 * says the line of its input, which is the line of the data file.
 *
 * @returns false when the error speaks of something else
 */
export async function reportRejectedRow(
  error: unknown,
  artifact: Artifact,
  { source: table, target }: Pick<TablePlan, 'source' | 'target'>,
  findings: FindingCollector,
): Promise<boolean> {
  if (!(error instanceof pg.DatabaseError)) return false;
  if (!DATA_CLASSES.has(error.code?.slice(0, 2) ?? '')) return false;
  const line = copyLineOf(error, target.name);
  const example = line === null ? {} : await describeRow(artifact, table, line);
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
      hint: 'mend the row in the source or the constraint in the target, then run import again',
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

async function describeRow(
  artifact: Artifact,
  table: ManifestTable,
  wanted: number,
): Promise<FindingExample> {
  const names = table.columns.map((column) => column.name);
  for await (const batch of readLineBatches(artifactPath(artifact, table.file))) {
    const line = batch.lines[wanted - batch.firstLine];
    if (line === undefined) continue;
    const rowKey = rowKeyDescriber(names, table.primaryKey)(new LineParser(names).parse(line));
    return { line: wanted, ...(rowKey === undefined ? {} : { rowKey }) };
  }
  return { line: wanted };
}
