import type { SampleReport } from '../../model/reports/sample.ts';
import { DEFAULT_SAMPLE_FILE, buildSample } from '../../sample/build.ts';
import { optionalText, switchFlag, valueFlag, wholeNumber } from '../flags.ts';
import { formatBytes, formatColumns, formatCount, formatPlural } from '../format.ts';
import type { Script } from '../run.ts';

const flags = {
  out: valueFlag('FILE', 'the SQLite file to build', optionalText, DEFAULT_SAMPLE_FILE),
  rows: valueFlag(
    'N',
    'put N rows in all into pfa_records, ai_usage_logs and sync_logs',
    wholeNumber(0, 0),
    '0: the 67 rows of the other tables only',
  ),
  force: switchFlag('replace a file that is there; the default file is always replaced'),
} as const;

/** `build-sample` */
export const buildSampleScript: Script<typeof flags, SampleReport> = {
  commandLine: {
    name: 'build-sample',
    summary:
      'Builds the sample source: the SQLite database of a planning application as Prisma leaves it, the same bytes each time.',
    flags,
    examples: [
      'npx tsx scripts/build-sample.ts',
      'npx tsx scripts/build-sample.ts --rows 100000 --out exports/sample/large.db',
    ],
  },
  run: async ({ flags: given }, context) => {
    const file = given.out ?? DEFAULT_SAMPLE_FILE;
    const built = await buildSample({
      file,
      rows: given.rows,
      overwrite: given.force || file === DEFAULT_SAMPLE_FILE,
      signal: context.signal,
    });
    return {
      file: built.file,
      sizeBytes: built.sizeBytes,
      tables: built.tables.map(({ name, rows }) => ({ name, rowCount: rows })),
      findings: [],
    };
  },
  exitCode: () => 0,
  summarize: (report) => [
    ...formatColumns(
      report.tables.map((table) => [`  ${table.name}`, formatCount(table.rowCount)]),
      new Set([1]),
    ),
    `${report.file}: ${formatPlural(report.tables.length, 'table')}, ${formatBytes(report.sizeBytes)}`,
  ],
  whenInterrupted: 'no file was written',
};
