import { importArtifact } from '../../commands/import.ts';
import { DEFAULT_SCHEMA } from '../../target/connection-config.ts';
import { DEFAULT_MIGRATIONS } from '../../commands/migrations-folder.ts';
import { restoreArtifact } from '../../commands/restore.ts';
import { ToolkitError } from '../../model/errors.ts';
import type { ImportReport } from '../../model/report.ts';
import { resolveTarget } from '../environment.ts';
import { exitCodeOfRefusal } from '../exit-codes.ts';
import { mappingFlag, optionalText, switchFlag, valueFlag } from '../flags.ts';
import { formatColumns, formatCount, formatDuration, formatPlural } from '../format.ts';
import { describeLedger } from '../ledger.ts';
import type { Script } from '../run.ts';
import {
  describeRestore,
  isSqliteTarget,
  refuseWithSqlite,
  sqliteTargetPath,
} from '../sqlite-target.ts';

const flags = {
  target: valueFlag(
    'URL',
    'the PostgreSQL database, postgresql://…; ?schema= and sslmode= count, the PG* variables fill in what it leaves out; or sqlite:FILE, a new SQLite database to restore',
    optionalText,
    'DATABASE_URL from the environment or .env',
  ),
  schema: valueFlag(
    'NAME',
    "the schema that Prisma's migrations made",
    optionalText,
    `?schema= of the URL, else ${DEFAULT_SCHEMA}`,
  ),
  mapping: mappingFlag,
  truncate: switchFlag('empty the target tables first, each in the transaction that loads it'),
  append: switchFlag('load beside the rows that the target tables hold'),
  dryRun: switchFlag(
    'do all of it in one transaction, and roll that back; with sqlite:FILE, remove the file again',
  ),
  keepConstraints: switchFlag(
    'leave foreign keys in place while rows load: PostgreSQL checks each row, which is slower',
  ),
  migrations: valueFlag(
    'DIR',
    "the migrations folder that the target's applied migrations must equal",
    optionalText,
    `PRISMA_MIGRATIONS, or the one beside PRISMA_SCHEMA, or ${DEFAULT_MIGRATIONS} where there is one`,
  ),
  skipMigrationCheck: switchFlag("take a schema that was not made by Prisma's migrations"),
} as const;

/** `import ARTIFACT --target URL` */
export const importScript: Script<typeof flags, ImportReport> = {
  commandLine: {
    name: 'import',
    summary:
      "Loads an artifact into the PostgreSQL schema that Prisma's migrations made. Every file and every value is checked before anything is written; each table is one transaction.",
    argument: { name: 'artifact', description: 'the folder or the single file that export wrote' },
    flags,
    examples: [
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop --dry-run',
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop?schema=app --truncate',
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop --mapping mapping.json',
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target sqlite:restored.db',
    ],
  },
  run: ({ argument, flags: given }, context, env) => {
    if (given.truncate && given.append) {
      const message =
        '--truncate and --append exclude each other: one empties what the other keeps';
      throw new ToolkitError({ kind: 'usage', code: 'usage', message });
    }
    const { target: _target, json: _json, quiet: _quiet, ...options } = given;
    const target = resolveTarget(given.target, env);
    const file = sqliteTargetPath(target);
    if (file === null)
      return importArtifact({ ...options, artifact: argument, target, env }, context);
    const { dryRun, ...others } = options;
    refuseWithSqlite(others);
    return restoreArtifact({ artifact: argument, file, dryRun }, context);
  },
  exitCode: exitCodeOfRefusal,
  summarize,
  whenInterrupted: 'nothing was written to the target',
};

function summarize(report: ImportReport): string[] {
  const touched = report.tables.filter((table) => table.state !== 'not-loaded');
  const rows = touched.map((table) => [
    `  ${table.target}`,
    formatCount(table.rowCount),
    table.rowCount === 1 ? 'row' : 'rows',
    table.rowsLeftOut === 0
      ? table.state
      : `${table.state}, ${formatCount(table.rowsLeftOut)} left out`,
    formatDuration(table.elapsedMs),
    table.sequences.map(({ column, nextValue }) => `next ${column} ${nextValue}`).join(', '),
  ]);
  return [
    ...formatColumns(rows, new Set([1, 4])),
    ...describeLedger(
      report.ledger,
      touched.some((table) => table.state === 'committed'),
    ),
    isSqliteTarget(report) ? describeRestore(report) : verdict(report),
  ];
}

function verdict(report: ImportReport): string {
  const committed = report.tables.filter((table) => table.state === 'committed');
  const time = formatDuration(report.elapsedMs);
  if (report.exitCode !== 0) {
    return committed.length === 0
      ? `nothing was loaded into ${report.target}`
      : `${committed.length} of ${formatPlural(report.tables.length, 'table')} committed in ${report.target}: ${committed.map((table) => table.target).join(', ')}`;
  }
  const size = `${formatPlural(report.tables.length, 'table')}, ${formatPlural(report.totalRows, 'row')}`;
  return report.dryRun
    ? `dry run: ${size} would load into ${report.target}; all was rolled back, in ${time}`
    : `${size} loaded into ${report.target} in ${time}; counts, foreign keys and sequences checked`;
}
