import { COMPRESSIONS, whyUnsupported } from '../../artifact/compression.ts';
import type { ArtifactForm } from '../../commands/convert.ts';
import { ToolkitError } from '../../model/errors.ts';
import type { CommandContext } from '../../model/progress.ts';
import type { CommandResult } from '../../model/reports/parts.ts';
import type { ExportReport } from '../../model/reports/export.ts';
import { flagName } from '../command-line.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import {
  htmlFlag,
  optionalChoice,
  optionalNames,
  optionalText,
  optionalWholeNumber,
  valueFlag,
  sourceFlag,
  type FlagValues,
} from '../flags.ts';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
} from '../format.ts';
import { describeNotCarried } from '../render.ts';
import type { Script } from '../run.ts';

const MOST_JOBS = 16;

const flags = {
  source: sourceFlag,
  out: valueFlag(
    'DIR',
    'the artifact to write; must not exist yet',
    optionalText,
    'exports/<source name>-<UTC time>',
  ),
  singleFile: valueFlag(
    'FILE',
    'write the artifact as one JSON document instead of a folder',
    optionalText,
    'a folder',
  ),
  from: valueFlag(
    'ARTIFACT',
    'write this artifact once more, to --single-file or to --out, instead of a database: the same rows, checksums and id',
    optionalText,
    'none',
  ),
  tables: valueFlag('A,B', 'export these tables only', optionalNames, 'all'),
  exclude: valueFlag('A,B', 'leave these tables out', optionalNames, 'none'),
  jobs: valueFlag(
    'N',
    'how many threads read the database side by side; the artifact is the same',
    optionalWholeNumber(1, MOST_JOBS),
    'as many as the machine has cores, up to 2; 1 where the database is small',
  ),
  compress: valueFlag(
    'HOW',
    'compress the data files: gzip, or zstd where Node has it (22.15 and newer); every script reads them as they are',
    optionalChoice(COMPRESSIONS),
    'not at all',
  ),
  html: htmlFlag,
} as const;

/** `export --source FILE` */
export const exportScript: Script<typeof flags, ExportReport> = {
  commandLine: {
    name: 'export',
    summary:
      'Writes every table of one moment of a SQLite database as an artifact: NDJSON in dependency order, SHA-256 checksums, a manifest; as a folder, or as a single file. The source is never changed.',
    flags,
    examples: [
      'npx tsx scripts/export.ts --source shop.db',
      'npx tsx scripts/export.ts --source file:./dev.db --out exports/rehearsal --exclude logs',
      'npx tsx scripts/export.ts --source shop.db --compress gzip',
      'npx tsx scripts/export.ts --source shop.db --single-file exports/shop.json',
      'npx tsx scripts/export.ts --from exports/shop.json --out exports/shop',
    ],
  },
  run: async ({ flags: given }, context, env) => {
    const form = chosenForm(given);
    refuseCompression(given);
    if (given.from !== undefined) return convert(given, form, context);
    const { tables, exclude, jobs, compress } = given;
    const options = { source: resolveSource(given.source, env), tables, exclude, jobs };
    if (form?.kind === 'single-file') {
      const { exportSingleFile } = await import('../../commands/convert.ts');
      return exportSingleFile(options, form.path, context);
    }
    const { exportSource } = await import('../../commands/export.ts');
    return exportSource({ ...options, compress, out: form?.path }, context);
  },
  exitCode: exitCodeOfFindings,
  stage: ({ flags: { from } }) => (from === undefined ? 'export' : 'export-from'),
  page: async (report) => {
    const { exportPage } = await import('../../html/report-pages.ts');
    return exportPage(report, [verdict(report)]);
  },
  summarize: (report) => [
    ...formatColumns(
      report.tables.map((table) => [
        `  ${table.file}`,
        formatCount(table.rowCount),
        table.rowCount === 1 ? 'row' : 'rows',
        formatBytes(table.sizeBytes),
        ...(table.stored === undefined ? [] : ['as', formatBytes(table.stored.sizeBytes)]),
      ]),
      new Set([1, 3, 5]),
    ),
    ...describeNotCarried(report.notCarried),
    verdict(report),
    `artifact ${report.artifact.path}`,
    `artifact id ${report.artifact.id}`,
  ],
  whenInterrupted: 'no artifact was written, and the source is as it was',
};

function verdict({ tables, totalRows, totalBytes, elapsedMs }: ExportReport): string {
  return `${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}, ${formatBytes(totalBytes)}${compressedTo(tables, totalBytes)} in ${formatDuration(elapsedMs)}`;
}

/** `, compressed to 12.3 MB (14%),` */
function compressedTo(tables: ExportReport['tables'], totalBytes: number): string {
  if (!tables.some(({ stored }) => stored !== undefined) || totalBytes === 0) return '';
  const stored = tables.reduce((sum, table) => sum + (table.stored ?? table).sizeBytes, 0);
  return `, compressed to ${formatBytes(stored)} (${Math.round((stored / totalBytes) * 100)}%),`;
}

type Given = FlagValues<typeof flags>;

function chosenForm({ out, singleFile }: Given): ArtifactForm | undefined {
  if (out !== undefined && singleFile !== undefined) {
    throw usage(
      '--out and --single-file exclude each other: one writes a folder, the other a file',
    );
  }
  if (singleFile !== undefined) return { kind: 'single-file', path: singleFile };
  return out === undefined ? undefined : { kind: 'folder', path: out };
}

function refuseCompression({ compress, singleFile }: Given): void {
  if (compress === undefined) return;
  if (singleFile !== undefined) {
    throw usage(
      '--compress and --single-file exclude each other: a single file holds the rows as JSON; gzip makes it smaller',
    );
  }
  const reason = whyUnsupported(compress);
  if (reason !== null) throw usage(`--compress ${compress}: ${reason}; gzip works with every Node`);
}

async function convert(
  given: Given,
  form: ArtifactForm | undefined,
  context: CommandContext,
): Promise<CommandResult<ExportReport>> {
  const { from = '', source, tables, exclude, jobs, compress } = given;
  const [other] = Object.entries({ source, tables, exclude, jobs, compress }).flatMap(
    ([name, value]) => (value === undefined ? [] : [flagName(name)]),
  );
  if (other !== undefined) {
    throw usage(`--from and ${other} exclude each other: --from writes an artifact as it is`);
  }
  if (form === undefined) {
    throw usage('--from needs the place to write to: --single-file FILE or --out DIR');
  }
  const { convertArtifact } = await import('../../commands/convert.ts');
  return convertArtifact(from, form, context);
}

function usage(message: string): ToolkitError {
  return new ToolkitError({ kind: 'usage', code: 'usage', message });
}
