import { describeClasses } from '../cli/census.ts';
import { formatCount, formatPlural } from '../cli/format.ts';
import type { Finding } from '../model/findings.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import { html, nothing, type Html, type Part } from './html.ts';
import type { Section } from './page.ts';
import { countCell, isLong, renderTable, type Cell } from './table.ts';
import { clip, name } from './text.ts';

/** More columns would make the page too long to open at once. */
const MAX_COLUMNS = 3000;
const MAX_TYPE = 60;
const MAX_WORDS = 240;

type AnalyzedTable = AnalyzeReport['tables'][number];

interface CountedColumn {
  readonly table: AnalyzedTable;
  readonly column: AnalyzedTable['columns'][number];
  /** Target column and type; null where it goes nowhere, undefined without a target. */
  readonly goesTo: { readonly target: string; readonly type: string } | null | undefined;
  readonly changed: readonly string[];
  readonly refused: readonly string[];
}

/** What every column holds by storage class, where it goes, and what of it was converted and refused. */
export function censusSection(report: AnalyzeReport): Section {
  const columns = countedColumns(report);
  const shown = chooseColumns(columns);
  const hasTarget = report.target !== null;
  return {
    id: 'census',
    title: 'What the columns hold',
    isLong: isLong(shown),
    body: html`${
      report.target !== null
        ? html`<p class="note">
            Held against ${report.target.name}. “Changed” is what the mapping does to values on
            purpose; “refused” is what does not fit the target’s type; all other values go into that
            type exactly.
          </p> `
        : html`<p class="note">
            No target was given: what its types take and refuse is not known (analyze --target
            tells).
          </p> `
    }${
      shown.length < columns.length
        ? html`<p class="note">
            ${formatCount(shown.length)} of ${formatPlural(columns.length, 'column')} are shown:
            those with something changed or refused first. The JSON report has all.
          </p> `
        : nothing
    }${renderTable({
      caption: 'Values by storage class, every row counted',
      columns: [
        { title: 'Table' },
        { title: 'Column' },
        { title: 'Declared' },
        ...(hasTarget ? [{ title: 'Target type' }] : []),
        ...['INTEGER', 'REAL', 'TEXT', 'BLOB', 'NULL'].map((title) => ({ title, isNumber: true })),
        { title: 'What they look like' },
        ...(hasTarget ? [{ title: 'Changed' }] : []),
        { title: hasTarget ? 'Refused' : 'In the way' },
      ],
      rows: shown.map((counted) => censusRow(counted, hasTarget)),
    })}`,
  };
}

function countedColumns(report: AnalyzeReport): CountedColumn[] {
  const targets = new Map(report.target?.tables.map((table) => [table.source, table.columns]));
  const refused = new Map<string, string[]>();
  for (const finding of report.findings) noteRefused(refused, finding);
  const changed = new Map<string, string[]>();
  for (const { table, column, change, total } of report.target?.ledger ?? []) {
    note(changed, table, column ?? '', `${change} ${formatCount(total)}`);
  }
  return report.tables.flatMap((table) => {
    const goes = targets.get(table.name);
    return table.columns.map((column) => ({
      table,
      column,
      goesTo:
        report.target === null
          ? undefined
          : (goes?.find(({ source }) => source === column.name) ?? null),
      changed: changed.get(keyOf(table.name, column.name)) ?? [],
      refused: refused.get(keyOf(table.name, column.name)) ?? [],
    }));
  });
}

/** A finding may speak of several columns, joined by a comma. */
function noteRefused(refused: Map<string, string[]>, finding: Finding): void {
  const { table, column } = finding.where;
  if (finding.severity !== 'blocking' || table === undefined || column === undefined) return;
  const words = `${finding.code} ${formatCount(finding.total)}`;
  for (const one of new Set([column, ...column.split(', ')])) note(refused, table, one, words);
}

function note(notes: Map<string, string[]>, table: string, column: string, words: string): void {
  const key = keyOf(table, column);
  notes.set(key, [...(notes.get(key) ?? []), words]);
}

function keyOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

function chooseColumns(columns: readonly CountedColumn[]): readonly CountedColumn[] {
  if (columns.length <= MAX_COLUMNS) return columns;
  const stand = (column: CountedColumn): boolean =>
    column.changed.length > 0 || column.refused.length > 0;
  return [...columns.filter(stand), ...columns.filter((column) => !stand(column))].slice(
    0,
    MAX_COLUMNS,
  );
}

function censusRow(
  { table, column, goesTo, changed, refused }: CountedColumn,
  hasTarget: boolean,
): (Part | Cell)[] {
  const { integers, reals, texts, blobs, nulls } = column.census;
  const classes = describeClasses(column.census, column.declaredType);
  return [
    name(table.name),
    name(column.name),
    column.declaredType === '' ? '–' : name(clip(column.declaredType, MAX_TYPE)),
    ...(hasTarget ? [renderTarget(column.name, goesTo)] : []),
    ...[integers, reals, texts, blobs].map((some) => count(some?.count ?? 0)),
    count(nulls),
    html`<div class="small">
      ${classes.filter(([, , words]) => words !== '').map(describeWords)}
    </div>`,
    ...(hasTarget ? [changed.length === 0 ? '–' : changed.join(', ')] : []),
    refused.length === 0
      ? '–'
      : html`<span class="no">${refused.map((words) => html`<div>✗ ${words}</div>`)}</span>`,
  ];
}

function describeWords([, storageClass = '', words = '']: readonly string[]): Html {
  return html`<div>${storageClass} ${clip(words, MAX_WORDS)}</div>`;
}

function count(values: number): Part | Cell {
  return values === 0 ? { shown: '–', value: 0 } : countCell(values);
}

function renderTarget(column: string, goesTo: CountedColumn['goesTo']): Part {
  if (goesTo == null) return 'not loaded';
  const type = name(clip(goesTo.type, MAX_TYPE));
  return goesTo.target === column ? type : html`${name(goesTo.target)}: ${type}`;
}
