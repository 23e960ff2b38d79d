import { formatPlural } from '../cli/format.ts';
import type { Dependencies } from '../model/dependencies.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import type { ImportReport } from '../model/reports/import.ts';
import { html, type Html, type Part } from './html.ts';
import type { Section } from './page.ts';
import { digest } from './proof.ts';
import {
  bytesCell,
  countCell,
  isLong,
  durationCell,
  largestOf,
  renderTable,
  withBar,
  type Cell,
  type Column,
  type Table,
} from './table.ts';
import { name, names, timeOfDay } from './text.ts';

const ROWS: Column = { title: 'Rows', isNumber: true };
const BYTES: Column = { title: 'Bytes', isNumber: true };
const TIME: Column = { title: 'Time', isNumber: true };
const REFERS: Column = { title: 'Refers to' };

function tablesSection(table: Table): Section | null {
  const { rows } = table;
  if (rows.length === 0) return null;
  return { id: 'tables', title: 'The tables', body: renderTable(table), isLong: isLong(rows) };
}

/** Bars for one column of a table: each as long as its share of the largest. */
function barsFor(values: readonly number[]): (cell: Cell) => Cell {
  const largest = largestOf(values);
  return (cell) => withBar(cell, largest);
}

function referencesOf({ tables }: Dependencies): (table: string) => Html {
  const known = new Map(tables.map((table) => [table.name, table.refersTo]));
  return (table) => names(known.get(table) ?? []);
}

interface StoredTable {
  readonly name: string;
  readonly rowCount: number;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly elapsedMs?: number;
}

/** The tables of an artifact. */
export function storedTablesSection(
  tables: readonly StoredTable[],
  dependencies: Dependencies,
): Section | null {
  const rowsBar = barsFor(tables.map(({ rowCount }) => rowCount));
  const bytesBar = barsFor(tables.map(({ sizeBytes }) => sizeBytes));
  const refersTo = referencesOf(dependencies);
  const isTimed = tables.some(({ elapsedMs }) => elapsedMs !== undefined);
  return tablesSection({
    caption: `${formatPlural(tables.length, 'table')} of the artifact, in load order`,
    columns: [
      { title: 'Table' },
      ROWS,
      BYTES,
      ...(isTimed ? [TIME] : []),
      { title: 'SHA-256' },
      REFERS,
    ],
    rows: tables.map(({ name: table, rowCount, sizeBytes, sha256, elapsedMs }) => [
      name(table),
      rowsBar(countCell(rowCount)),
      bytesBar(bytesCell(sizeBytes)),
      ...(isTimed ? [durationCell(elapsedMs ?? 0)] : []),
      digest(sha256),
      refersTo(table),
    ]),
  });
}

/** The tables of a source. */
export function analyzedTablesSection({ tables }: AnalyzeReport): Section | null {
  const rowsBar = barsFor(tables.map(({ rowCount }) => rowCount));
  return tablesSection({
    caption: `${formatPlural(tables.length, 'table')} of the source, in load order`,
    columns: [
      { title: 'Table' },
      { title: 'Order', isNumber: true },
      ROWS,
      { title: 'Columns', isNumber: true },
      { title: 'Primary key' },
      REFERS,
    ],
    rows: tables.map((table) => [
      name(table.name),
      countCell(table.order),
      rowsBar(countCell(table.rowCount)),
      countCell(table.columns.length),
      names(table.primaryKey),
      names([...new Set(table.foreignKeys.map((key) => key.parentTable))]),
    ]),
  });
}

/** What became of each table of an import. */
export function importedTablesSection({
  tables,
  dependencies,
  dryRun,
}: ImportReport): Section | null {
  const rowsBar = barsFor(tables.map(({ rowCount }) => rowCount));
  const bytesBar = barsFor(tables.map(({ sizeBytes }) => sizeBytes));
  const refersTo = referencesOf(dependencies);
  return tablesSection({
    caption: dryRun
      ? `${formatPlural(tables.length, 'table')}; a dry run, so that all was rolled back`
      : formatPlural(tables.length, 'table'),
    columns: [
      { title: 'Table' },
      { title: 'State' },
      ROWS,
      BYTES,
      { title: 'Rows in the target' },
      { title: 'Left out', isNumber: true },
      { title: 'Began, UTC' },
      { title: 'Job', isNumber: true },
      TIME,
      { title: 'Next number' },
      { title: 'Digest' },
      REFERS,
    ],
    rows: tables.map((table) => [
      table.source === table.target
        ? name(table.target)
        : html`${name(table.target)}
            <div class="from">from ${name(table.source)}</div>`,
      renderState(table.state),
      rowsBar(countCell(table.rowCount)),
      bytesBar(bytesCell(table.sizeBytes)),
      describeRows(table),
      countCell(table.rowsLeftOut),
      table.startedAt === null ? '–' : timeOfDay(table.startedAt),
      table.job ?? '–',
      durationCell(table.elapsedMs),
      table.sequences.length === 0
        ? '–'
        : html`${table.sequences.map(({ column, nextValue }) => html`${name(column)} ${nextValue} `)}`,
      digest(table.digest),
      refersTo(table.target),
    ]),
  });
}

function describeRows({ rowsBefore, rowsAfter }: ImportReport['tables'][number]): Cell {
  const before = countCell(rowsBefore);
  if (rowsAfter === null) return before;
  const after = countCell(rowsAfter);
  return { shown: html`${before.shown} → ${after.shown}`, value: rowsAfter };
}

function renderState(state: ImportReport['tables'][number]['state']): Part {
  switch (state) {
    case 'committed':
    case 'done-before':
      return html`<span class="ok">✓ ${state}</span>`;
    case 'emptied':
    case 'unknown':
      return html`<span class="no">✗ ${state}</span>`;
    case 'rolled-back':
    case 'not-loaded':
      return state;
    default:
      return state satisfies never;
  }
}
