import { closeBatches, scanDataFile, type DataFileFacts } from '../artifact/data-file.ts';
import type { FaultyLine } from '../artifact/line-scanner.ts';
import type { ManifestTable } from '../artifact/manifest.ts';
import { isDamagedFile } from '../artifact/decompress.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { sizeOf, type ScannedRows } from '../artifact/scanned-rows.ts';
import { readRow } from '../artifact/token.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { Activity } from '../model/progress.ts';
import { reportDamagedFile } from './files.ts';
import { KeyOrderCheck } from './key-order.ts';
import type { KeyWatcher, RowWatcher } from './foreign-keys.ts';
import { placeMaker } from './row-place.ts';

export interface TableCheckOptions {
  readonly artifact: Artifact;
  readonly table: ManifestTable;
  readonly findings: FindingCollector;
  readonly watcher: RowWatcher | undefined;
  /** Called with each row after the other watcher; null where order and keys are proven already. */
  readonly watchKeys: KeyWatcher | null;
  /** False where somebody else will hash the file. */
  readonly isHashed: boolean;
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * Reads one data file once: every line's form, the key order, and whatever the watchers look for.
 * The digest is the caller's to compare.
 *
 * @returns undefined when the file cannot be decompressed to its end, which is a finding
 */
export async function checkTable(options: TableCheckOptions): Promise<DataFileFacts | undefined> {
  const { artifact, table, findings, watcher, activity, signal } = options;
  const names = table.columns.map((column) => column.name);
  const rows = rowsFile(artifact, table);
  const batches = scanDataFile(rows, names, signal, options.isHashed);
  const heads = headsOf(table);
  const lookAtRows = rowsCheck(options, heads);
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        checkCounts(table, step.value, findings);
        return step.value;
      }
      if ('fault' in step.value) {
        findings.add(heads.line, exampleOf(step.value));
        activity.advance(1);
        continue;
      }
      lookAtRows(step.value);
      await watcher?.settle?.();
      activity.advance(step.value.rowCount, sizeOf(step.value));
    }
  } catch (error) {
    if (!isDamagedFile(error)) throw error;
    reportDamagedFile(error, table, findings);
    return undefined;
  } finally {
    await closeBatches(batches);
  }
}

function exampleOf({ line, fault }: FaultyLine): { line: number; detail: string } {
  const column = fault.column === undefined ? '' : ` (column ${fault.column})`;
  return { line, detail: `the line ${fault.message}${column}` };
}

function rowsCheck(options: TableCheckOptions, heads: Heads): (rows: ScannedRows) => void {
  const { artifact, table, findings, watcher, watchKeys } = options;
  const names = table.columns.map((column) => column.name);
  const order = new KeyOrderCheck(names, table.primaryKey, artifact.manifest.source.encoding);
  const placeOf = placeMaker(names, table.primaryKey);
  return (rows) => {
    watcher?.pass?.(rows);
    watcher?.lookAll?.(rows);
    const look = watcher?.lookAll === undefined ? watcher?.look : undefined;
    if (look === undefined && watchKeys === null) return;
    for (let row = 0; row < rows.rowCount; row++) {
      const fault = watchKeys === null ? null : order.next(rows, row);
      const line = rows.firstLine + row;
      if (fault !== null) findings.add(heads[fault], { ...placeOf(readRow(rows, row), line) });
      if (look !== undefined) {
        const values = readRow(rows, row);
        look(values, placeOf(values, line));
      }
      watchKeys?.(rows, row);
    }
  };
}

type Heads = Readonly<Record<'line' | 'duplicate' | 'out-of-order', FindingHead>>;

function headsOf(table: ManifestTable): Heads {
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
