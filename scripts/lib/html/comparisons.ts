import { formatCount, formatPlural, formatTime } from '../cli/format.ts';
import type { Comparison } from '../model/archive-comparison.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { isEqualTable, type TargetComparison } from '../model/target-comparison.ts';
import { html, nothing, type Html } from './html.ts';
import type { Section } from './page.ts';
import { countCell, durationCell, isLong, renderTable } from './table.ts';
import { clip, name } from './text.ts';

const MAX_TEXT = 200;
const MAX_SCHEMA_DIFFERENCES = 500;

/** What the target holds beside the archive; null when it was not compared. */
export function targetSection(comparison: TargetComparison | null): Section | null {
  if (comparison === null) return null;
  const { primaryKeys, uniqueKeys, foreignKeys, checks } = comparison.constraints;
  const looked = [
    formatPlural(comparison.sequences.length, 'sequence'),
    formatPlural(primaryKeys, 'primary key'),
    formatPlural(uniqueKeys, 'other unique key'),
    formatPlural(foreignKeys, 'foreign key'),
    formatPlural(checks, 'check'),
  ].join(', ');
  return {
    id: 'target',
    title: 'What the target holds',
    isLong: isLong(comparison.tables),
    body: html`${
        comparison.sample === null
          ? nothing
          : html`<p class="no">
              A sample of up to ${formatPlural(comparison.sample.rows, 'row')} a table (--seed
              ${comparison.sample.seed}): it says nothing of the others.
            </p> `
      }
      <p class="note">${clip(comparison.target, MAX_TEXT)}; looked at ${looked}.</p>
      ${renderTable({
        caption: comparison.isSample ? 'Rows of the sample' : 'Every row, every value',
        columns: [
          { title: 'Table' },
          { title: 'Verdict' },
          ...['Equal', 'Different', 'Missing', 'Extra', 'Left out'].map((title) => ({
            title,
            isNumber: true,
          })),
          { title: 'Time', isNumber: true },
        ],
        rows: comparison.tables.map((table) => [
          name(table.target),
          isEqualTable(table)
            ? html`<span class="ok">✓ equal</span>`
            : html`<span class="no">✗ differs</span>`,
          countCell(table.rowsEqual),
          countCell(table.rowsDifferent),
          countCell(table.rowsMissing),
          countCell(table.rowsExtra),
          countCell(table.rowsLeftOut),
          durationCell(table.elapsedMs),
        ]),
      })}${otherTables(comparison)}`,
  };
}

function otherTables({ otherTables: others }: TargetComparison): Html {
  if (others.length === 0) return nothing;
  return renderTable({
    caption: 'Tables of the target that the artifact has nothing for; not a difference',
    columns: [{ title: 'Table' }, { title: 'Rows', isNumber: true }],
    rows: others.map(({ table, rowCount }) => [name(table), countCell(rowCount)]),
  });
}

/** What changed in the source since the export; null when it was not compared. */
export function sourceSection({ againstSource }: VerifyReport): Section | null {
  return againstSource === undefined
    ? null
    : {
        id: 'source',
        title: 'The source since the export',
        isLong: isLong(againstSource.tables),
        body: html`<p class="note">
            Before is the artifact, after is ${clip(againstSource.source, MAX_TEXT)} as it is now.
          </p>
          ${renderComparison(againstSource)}`,
      };
}

/** How the artifact differs from the baseline; null when there was none. */
export function baselineSection({ baseline, artifact }: VerifyReport): Section | null {
  return baseline === undefined
    ? null
    : {
        id: 'baseline',
        title: 'Beside the baseline',
        isLong: isLong(baseline.tables),
        body: html`<p class="note">
            Before is ${clip(baseline.artifact.path, MAX_TEXT)}, taken
            ${formatTime(baseline.createdAt)}; after is ${clip(artifact.path, MAX_TEXT)}.
          </p>
          ${renderComparison(baseline)}`,
      };
}

function renderComparison(comparison: Comparison): Html {
  const { schema } = comparison;
  const shown = schema.slice(0, MAX_SCHEMA_DIFFERENCES);
  return html`${renderTable({
    caption: 'Rows by table',
    columns: [
      { title: 'Table' },
      { title: 'State' },
      ...['Equal', 'Added', 'Removed', 'Changed'].map((title) => ({ title, isNumber: true })),
      { title: 'Columns that changed' },
    ],
    rows: comparison.tables.map((table) => [
      name(table.name),
      table.state === 'equal'
        ? html`<span class="ok">✓ equal</span>`
        : html`<span class="no">${table.state}</span>`,
      countCell(table.rowsEqual),
      countCell(table.rowsAdded),
      countCell(table.rowsRemoved),
      countCell(table.rowsChanged),
      html`${table.columns.map((column) => html`<div>${name(column.name)} ${formatCount(column.rowsChanged)}</div>`)}`,
    ]),
  })}${
    schema.length === 0
      ? nothing
      : renderTable({
          caption: `${formatPlural(schema.length, 'difference')} of the schema${shown.length < schema.length ? `, the first ${shown.length}` : ''}`,
          columns: [
            { title: 'Name' },
            { title: 'Table' },
            { title: 'Kind' },
            { title: 'Change' },
            { title: 'Before' },
            { title: 'After' },
          ],
          rows: shown.map(({ kind, table, name: changed, change, before, after }) => [
            name(changed),
            table === null ? '–' : name(table),
            kind,
            change,
            before === null ? '–' : name(clip(before, MAX_TEXT)),
            after === null ? '–' : name(clip(after, MAX_TEXT)),
          ]),
        })
  }`;
}

/** What the application's own client read; null without one. */
export function clientSection({ prismaClient }: VerifyReport): Section | null {
  return prismaClient === undefined
    ? null
    : {
        id: 'client',
        title: 'Through Prisma Client',
        isLong: isLong(prismaClient.models),
        body: renderTable({
          caption: `What ${clip(prismaClient.path, MAX_TEXT)} read`,
          columns: [
            { title: 'Model' },
            { title: 'Table' },
            { title: 'Verdict' },
            { title: 'Rows read', isNumber: true },
            { title: 'Rows', isNumber: true },
          ],
          rows: prismaClient.models.map(({ model, table, isReadable, rowsRead, rowCount }) => [
            name(model),
            name(table),
            isReadable
              ? html`<span class="ok">✓ read</span>`
              : html`<span class="no">✗ not readable</span>`,
            countCell(rowsRead),
            rowCount === null ? '–' : countCell(rowCount),
          ]),
        }),
      };
}
