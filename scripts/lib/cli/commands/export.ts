import { exportSource } from '../../commands/export.ts';
import type { ExportReport } from '../../model/report.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { optionalNames, optionalText, valueFlag, sourceFlag } from '../flags.ts';
import {
  formatBytes,
  formatColumns,
  formatCount,
  formatDuration,
  formatPlural,
} from '../format.ts';
import { describeNotCarried } from '../render.ts';
import type { Script } from '../run.ts';

const flags = {
  source: sourceFlag,
  out: valueFlag(
    'DIR',
    'the artifact to write; must not exist yet',
    optionalText,
    'exports/<source name>-<UTC time>',
  ),
  tables: valueFlag('A,B', 'export these tables only', optionalNames, 'all'),
  exclude: valueFlag('A,B', 'leave these tables out', optionalNames, 'none'),
} as const;

/** `export --source FILE` */
export const exportScript: Script<typeof flags, ExportReport> = {
  commandLine: {
    name: 'export',
    summary:
      'Writes every table of one moment of a SQLite database as an artifact: NDJSON in dependency order, SHA-256 checksums, a manifest. The source is never changed.',
    flags,
    examples: [
      'npx tsx scripts/export.ts --source shop.db',
      'npx tsx scripts/export.ts --source file:./dev.db --out exports/rehearsal --exclude logs',
    ],
  },
  run: ({ flags: given }, context, env) =>
    exportSource(
      {
        source: resolveSource(given.source, env),
        out: given.out,
        tables: given.tables,
        exclude: given.exclude,
      },
      context,
    ),
  exitCode: exitCodeOfFindings,
  summarize: (report) => [
    ...formatColumns(
      report.tables.map((table) => [
        `  ${table.file}`,
        formatCount(table.rowCount),
        table.rowCount === 1 ? 'row' : 'rows',
        formatBytes(table.sizeBytes),
      ]),
      new Set([1, 3]),
    ),
    ...describeNotCarried(report.notCarried),
    `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}, ${formatBytes(report.totalBytes)} in ${formatDuration(report.elapsedMs)}`,
    `artifact ${report.artifact.path}`,
    `artifact id ${report.artifact.id}`,
  ],
  whenInterrupted: 'no artifact was written, and the source is as it was',
};
