import { formatBytes, formatDuration, formatPlural, formatTime } from '../cli/format.ts';
import type { ArtifactStory, StoryLoad } from '../model/artifact-story.ts';
import type { ErrorDescription } from '../model/errors.ts';
import type { ArtifactReference } from '../model/progress.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import type { ExportReport } from '../model/reports/export.ts';
import type { ImportReport } from '../model/reports/import.ts';
import type { VerifyReport, VerifySummaryReport } from '../model/reports/verify.ts';
import { censusSection } from './census.ts';
import { ledgerSection, notCarriedSection } from './changes.ts';
import { baselineSection, clientSection, sourceSection, targetSection } from './comparisons.ts';
import { countFindings, findingsSection } from './findings.ts';
import { graphSection } from './graph.ts';
import { html, nothing, type Html, type Part } from './html.ts';
import { renderPage, type Envelope, type Page, type Section } from './page.ts';
import { proofSection } from './proof.ts';
import { estimateSection, storySection } from './story.ts';
import { analyzedTablesSection, importedTablesSection, storedTablesSection } from './tables.ts';
import { clip } from './text.ts';
import { drawTimeline } from './timeline.ts';

const MAX_TEXT = 200;

/** The page of `analyze --html`. */
export function analyzePage(report: AnalyzeReport, verdicts: readonly string[]): string {
  const { source, integrity, tables, cycles } = report;
  const dependencies = {
    tables: tables.map(({ name, foreignKeys }) => ({
      name,
      refersTo: [...new Set(foreignKeys.map((key) => key.parentTable))],
    })),
    cycles,
  };
  return renderPage({
    report,
    title: `Analysis of ${source.file}`,
    verdicts,
    facts: [
      ['Source', clip(source.file, MAX_TEXT)],
      ['Size', formatBytes(source.sizeBytes)],
      [
        'Holds',
        `${formatPlural(tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}`,
      ],
      ['SQLite', `${source.sqliteVersion}, ${source.encoding}, journal mode ${source.journalMode}`],
      ['Integrity', integrity.ok ? 'ok' : 'DAMAGED'],
      ...(report.target === null
        ? []
        : [['Held against', clip(report.target.name, MAX_TEXT)] as const]),
      ...mappingFact(report.mapping),
      ['Findings', countFindings(report.findings)],
    ],
    sections: [
      findingsSection(report.findings, undefined),
      graphSection(tables, dependencies),
      analyzedTablesSection(report),
      censusSection(report),
      ledgerSection(report.target?.ledger ?? []),
      notCarriedSection(report.notCarried),
    ],
  });
}

/** The page of `export --html`. */
export function exportPage(report: ExportReport, verdicts: readonly string[]): string {
  return renderPage({
    report,
    title: `Export of ${report.source}`,
    verdicts,
    facts: [
      ['Source', clip(report.source, MAX_TEXT)],
      ...artifactFacts(report.artifact),
      ['Holds', sizeOf(report)],
      ['Findings', countFindings(report.findings)],
    ],
    sections: [
      findingsSection(report.findings, undefined),
      graphSection(report.tables, report.dependencies),
      storedTablesSection(report.tables, report.dependencies),
      notCarriedSection(report.notCarried),
    ],
  });
}

/** The page of `verify --html`: what was verified now, and the story of the artifact. */
export function verifyPage(report: VerifyReport, verdicts: readonly string[]): string {
  const { story, comparison } = report;
  const proof = story?.proof ?? report.proof;
  return renderPage({
    report,
    title: `Verification of ${report.artifact.path}`,
    verdicts,
    facts: [
      ...artifactFacts(report.artifact),
      ['Holds', sizeOf(report)],
      ...(story === undefined ? [] : [['Taken', formatTime(story.taken.at)] as const]),
      ...(comparison === null
        ? []
        : [['Compared with', clip(comparison.target, MAX_TEXT)] as const]),
      ...mappingFact(report.mapping),
      ['Findings', countFindings(report.findings)],
    ],
    sections: [
      findingsSection(report.findings, undefined),
      story === undefined ? null : storySection(story, report),
      proof === undefined ? null : proofSection(proof),
      targetSection(comparison),
      sourceSection(report),
      baselineSection(report),
      clientSection(report),
      story === undefined ? null : loadsSection(story.loads),
      graphSection(report.tables, report.dependencies),
      storedTablesSection(report.tables, report.dependencies),
      ledgerSection(report.ledger),
      story === undefined ? null : estimateSection(story),
    ],
  });
}

/** The page of `verify --summary --html`: the story alone. */
export function summaryPage(report: VerifySummaryReport): string {
  return renderPage({
    report,
    title: `The story of ${report.artifact.path}`,
    verdicts: ['Nothing was verified now: this is what the kept reports say.'],
    facts: [
      ...artifactFacts(report.artifact),
      ['Holds', sizeOf({ ...report.taken, tables: report.tables })],
      ['Findings', countFindings(report.findings)],
    ],
    sections: [
      findingsSection(report.findings, undefined),
      ...storySections(report),
      graphSection(report.tables, report.dependencies),
      storedTablesSection(report.tables, report.dependencies),
      estimateSection(report),
    ],
  });
}

function storySections(story: ArtifactStory): (Section | null)[] {
  return [storySection(story), proofSection(story.proof), loadsSection(story.loads)];
}

/** The page of `import --html`, however the import ended. */
export function importPage(report: ImportReport, verdicts: readonly string[]): string {
  const { run } = report;
  const timeline = drawTimeline(report.tables, 'load');
  const sizes = report.tables.map(({ target, rowCount }) => ({ name: target, rowCount }));
  return renderPage({
    report,
    title: `${report.dryRun ? 'Dry run of an import' : 'Import'} into ${report.target}`,
    verdicts,
    facts: [
      ...artifactFacts(report.artifact),
      ['Target', clip(report.target, MAX_TEXT)],
      ...(run === null
        ? []
        : [['Run', `${run.id}${run.isResumed ? ', gone on with' : ''}`] as const]),
      ['Loaded', `${formatPlural(report.totalRows, 'row')}, ${formatBytes(report.totalBytes)}`],
      ['Migrations', formatPlural(report.migrations.length, 'migration')],
      ...mappingFact(report.mapping),
      ['Findings', countFindings(report.findings)],
    ],
    sections: [
      findingsSection(report.findings, report.failure),
      timeline === null ? null : loadSection(timeline),
      graphSection(sizes, report.dependencies),
      importedTablesSection(report),
      ledgerSection(report.ledger),
    ],
  });
}

/** What a page says of a script that could not do its work. */
export interface ErrorReport extends Envelope {
  readonly artifact?: ArtifactReference;
  readonly error: ErrorDescription;
}

/** The page of a script that could not do its work. */
export function errorPage(report: ErrorReport): string {
  return renderPage({
    report,
    title: `${report.command}: ${report.error.code}`,
    verdicts: [],
    facts: report.artifact === undefined ? [] : artifactFacts(report.artifact),
    sections: [findingsSection([], report.error)],
  });
}

function loadSection(body: Html): Section {
  return { id: 'load', title: 'The load in time', body };
}

/** The imports of the latest run; null where no report of one is kept. */
function loadsSection(loads: readonly StoryLoad[]): Section | null {
  const drawings = loads.map((load, index) => ({
    load,
    drawing: drawTimeline(load.tables, `load-${index + 1}`),
  }));
  if (drawings.every(({ drawing }) => drawing === null)) return null;
  return loadSection(
    html`${drawings.map(({ load, drawing }) =>
      drawing === null
        ? nothing
        : html`<h3>
              Run ${load.run}, ${formatTime(load.startedAt)},
              ${formatDuration(load.elapsedMs)}${load.target === null ? '' : `, ${clip(load.target, MAX_TEXT)}`}
            </h3>
            ${drawing}`,
    )}`,
  );
}

function artifactFacts({ path, id }: ArtifactReference): readonly (readonly [string, Part])[] {
  return [
    ['Artifact', clip(path, MAX_TEXT)],
    ['Artifact id', html`<span class="name">${id}</span>`],
  ];
}

function mappingFact(mapping: VerifyReport['mapping']): Page['facts'] {
  return mapping === null ? [] : [['Mapping', clip(mapping.file, MAX_TEXT)]];
}

function sizeOf({
  tables,
  totalRows,
  totalBytes,
}: Pick<VerifyReport, 'totalRows' | 'totalBytes'> & { tables: readonly unknown[] }): string {
  return `${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}, ${formatBytes(totalBytes)}`;
}
