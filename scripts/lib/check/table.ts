import { closeBatches, readLineBatches, type DataFileFacts } from '../artifact/data-file.ts';
import { LineFault, LineParser } from '../artifact/line.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { artifactPath, type Artifact } from '../artifact/reader.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { Activity } from '../model/progress.ts';
import { rowKeyDescriber } from '../model/row-key.ts';
import { KeyOrderCheck } from './key-order.ts';
import type { RowWatcher } from './foreign-keys.ts';

export interface TableCheckOptions {
  readonly artifact: Artifact;
  readonly table: ManifestTable;
  readonly findings: FindingCollector;
  readonly watchers: readonly RowWatcher[];
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * Reads one data file once: every line's form, the key order, and whatever the watchers look for.
 * The digest is the caller's to compare.
 */
export async function checkTable(options: TableCheckOptions): Promise<DataFileFacts> {
  const { artifact, table, findings, activity, signal } = options;
  const checkLine = lineCheck(options);
  const batches = readLineBatches(artifactPath(artifact, table.file), signal, table.file);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        checkCounts(table, step.value, findings);
        return step.value;
      }
      for (const [index, line] of step.value.lines.entries()) {
        checkLine(line, step.value.firstLine + index);
      }
      for (const watcher of options.watchers) await watcher.settle?.();
      activity.advance(step.value.lines.length, step.value.sizeBytes);
    }
  } finally {
    await closeBatches(batches);
  }
}

function lineCheck(options: TableCheckOptions): (line: Buffer, lineNumber: number) => void {
  const { artifact, table, findings, watchers } = options;
  const names = table.columns.map((column) => column.name);
  const parser = new LineParser(names);
  const order = new KeyOrderCheck(names, table.primaryKey, artifact.manifest.source.encoding);
  const describeRow = rowKeyDescriber(names, table.primaryKey);
  const heads = headsOf(table);
  return (line, lineNumber) => {
    let row;
    try {
      row = parser.parse(line);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      const column = error.column === undefined ? '' : ` (column ${error.column})`;
      findings.add(heads.line, { line: lineNumber, detail: `the line ${error.message}${column}` });
      return;
    }
    const fault = order.next(row);
    const rowKey = describeRow(row);
    const example = { line: lineNumber, ...(rowKey === undefined ? {} : { rowKey }) };
    if (fault !== null) findings.add(heads[fault], example);
    for (const watcher of watchers) watcher.look(row, lineNumber, rowKey);
  };
}

function headsOf(
  table: ManifestTable,
): Readonly<Record<'line' | 'duplicate' | 'out-of-order', FindingHead>> {
  const where = { table: table.name, file: table.file };
  const common = { severity: 'blocking', kind: 'integrity' } as const;
  const hint = 'the artifact was changed after it was written: take it from another copy';
  return {
    line: {
      ...common,
      where,
      hint,
      code: 'line-malformed',
      message: 'lines are not rows of the table in the form that FORMAT.md defines',
    },
    duplicate: {
      ...common,
      where: { ...where, column: table.primaryKey.join(', ') },
      hint,
      kind: 'data',
      code: 'duplicate-key',
      message: 'a primary key stands on two lines',
    },
    'out-of-order': {
      ...common,
      where: { ...where, column: table.primaryKey.join(', ') },
      hint,
      code: 'key-order',
      message: 'rows are not in primary-key order',
    },
  };
}

function checkCounts(table: ManifestTable, facts: DataFileFacts, findings: FindingCollector): void {
  const head = {
    severity: 'blocking',
    kind: 'integrity',
    where: { table: table.name, file: table.file },
    hint: 'the artifact was damaged or changed: take it from another copy, or export again',
  } as const;
  if (facts.lineCount !== table.rowCount) {
    const message = `the file has ${facts.lineCount} lines, the manifest says ${table.rowCount} rows`;
    findings.add({ ...head, code: 'row-count', message });
  }
  if (!facts.endsWithNewline) {
    findings.add({ ...head, code: 'line-unfinished', message: 'the last line has no end' });
  }
}
