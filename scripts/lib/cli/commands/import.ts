import { availableParallelism } from 'node:os';

import { DEFAULT_TIMEOUTS } from '../../target/connect.ts';
import { DEFAULT_SCHEMA } from '../../target/connection-config.ts';
import type { JournalOptions } from '../../commands/import-status.ts';
import { DEFAULT_MIGRATIONS } from '../../commands/migrations-folder.ts';
import { CONFLICT_ANSWERS } from '../../model/conflict.ts';
import { ToolkitError } from '../../model/errors.ts';
import type { CommandContext } from '../../model/progress.ts';
import type { CommandResult } from '../../model/reports/parts.ts';
import type { ImportReport, ImportStatusReport } from '../../model/reports/import.ts';
import { shortDigest } from '../../model/short-digest.ts';
import { flagName } from '../command-line.ts';
import { resolveTarget } from '../environment.ts';
import { exitCodeOfRefusal } from '../exit-codes.ts';
import {
  htmlFlag,
  mappingFlag,
  memoryFlag,
  optionalChoice,
  optionalNames,
  optionalText,
  switchFlag,
  valueFlag,
  wholeNumber,
  withoutCommon,
  type FlagValues,
} from '../flags.ts';
import { summarizeStatus } from '../import-status.ts';
import { formatColumns, formatCount, formatDuration, formatPlural } from '../format.ts';
import { describeLedger } from '../ledger.ts';
import type { Script } from '../run.ts';
import {
  describeRestore,
  isSqliteTarget,
  refuseWithSqlite,
  sqliteTargetPath,
} from '../sqlite-target.ts';

/** More sessions than that only wait for each other. */
const DEFAULT_JOBS = Math.min(4, availableParallelism());

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
  memory: memoryFlag,
  truncate: switchFlag('empty the target tables first, each in the transaction that loads it'),
  append: switchFlag('load beside the rows that the target tables hold'),
  onConflict: valueFlag(
    'error|skip|update',
    'load beside the rows that the target tables hold, and do this with a row whose primary key one of them has: stop before anything is written, leave it out, or overwrite what is there',
    optionalChoice(CONFLICT_ANSWERS),
    'error, and no rows may be there',
  ),
  tables: valueFlag('a,b', 'load only these tables of the source', optionalNames, 'all'),
  dryRun: switchFlag(
    'do all of it in one transaction, and roll that back; with sqlite:FILE, remove the file again',
  ),
  keepConstraints: switchFlag(
    'leave foreign keys and indexes in place while rows load: PostgreSQL checks each row, which is slower',
  ),
  migrations: valueFlag(
    'DIR',
    "the migrations folder that the target's applied migrations must equal",
    optionalText,
    `PRISMA_MIGRATIONS, or the one beside PRISMA_SCHEMA, or ${DEFAULT_MIGRATIONS} where there is one`,
  ),
  jobs: valueFlag(
    'N',
    'how many tables load side by side, each as soon as those that it refers to are committed',
    wholeNumber(1, DEFAULT_JOBS),
    'as many as the machine has cores, up to 4',
  ),
  retries: valueFlag(
    'N',
    'how often a table is tried again after a fault that may pass, such as a lost connection',
    wholeNumber(0, 5),
    '5',
  ),
  lockTimeout: valueFlag(
    'SECONDS',
    'how long to wait for a lock that another session holds; 0 for as long as it takes',
    wholeNumber(0, DEFAULT_TIMEOUTS.lock),
    `${DEFAULT_TIMEOUTS.lock}`,
  ),
  statementTimeout: valueFlag(
    'SECONDS',
    'how long one statement may take, such as the COPY of a whole table; 0 for as long as it takes',
    wholeNumber(0, DEFAULT_TIMEOUTS.statement),
    `${DEFAULT_TIMEOUTS.statement}`,
  ),
  restart: switchFlag('leave an unfinished run as it is, and begin anew'),
  status: switchFlag("tell what the target's journal holds: what ran, what is done, what is left"),
  rollback: valueFlag(
    'RUN',
    'take back what that run loaded, in one transaction',
    optionalText,
    'none',
  ),
  force: switchFlag('with --rollback: also where rows changed since, which then stay'),
  forget: switchFlag('remove the journal with its history'),
  skipMigrationCheck: switchFlag("take a schema that was not made by Prisma's migrations"),
  html: htmlFlag,
} as const;

/** `import ARTIFACT --target URL`, and what is asked of the journal */
export const importScript: Script<typeof flags, ImportReport | ImportStatusReport> = {
  commandLine: {
    name: 'import',
    summary:
      "Loads an artifact into the PostgreSQL schema that Prisma's migrations made. Every file and every value is checked before anything is written; each table is one transaction. Run again, it goes on where it stopped.",
    argument: {
      name: 'artifact',
      description: 'the folder or the single file that export wrote',
      isOptional: true,
    },
    flags,
    examples: [
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop --dry-run',
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop?schema=app --truncate',
      'npx tsx scripts/import.ts exports/shop-20260131T235959Z --target sqlite:restored.db',
      'npx tsx scripts/import.ts --status --target postgresql://app@localhost/shop',
      'npx tsx scripts/import.ts --rollback 20260131T235959Z-1a2b3c --target postgresql://app@localhost/shop',
    ],
  },
  run: async ({ argument, flags: given }, outerContext, env) => {
    const { target: _target, html: _html, memory, ...options } = withoutCommon(given);
    const context = { ...outerContext, keyMemoryBytes: memory };
    const target = resolveTarget(given.target, env);
    const journal = askedOfJournal(argument, given);
    if (journal !== null) {
      if (sqliteTargetPath(target) !== null) {
        throw usage(`--${journal} asks a PostgreSQL target: a restored file has no journal`);
      }
      const { schema, lockTimeout: lock, statementTimeout: statement } = given;
      const asked = { target, schema, timeouts: { lock, statement }, env };
      return askJournal(journal, asked, given, context);
    }
    const {
      status: _status,
      forget: _forget,
      rollback: _rollback,
      force: _force,
      lockTimeout: lock,
      statementTimeout: statement,
      ...importing
    } = options;
    const file = sqliteTargetPath(target);
    if (file === null) {
      const timeouts = { lock, statement };
      const { importArtifact } = await import('../../commands/import.ts');
      return importArtifact({ ...importing, artifact: argument, target, timeouts, env }, context);
    }
    const { dryRun, jobs: _jobs, retries: _retries, ...others } = importing;
    refuseWithSqlite(others);
    const { restoreArtifact } = await import('../../commands/restore.ts');
    return restoreArtifact({ artifact: argument, file, dryRun }, context);
  },
  exitCode: exitCodeOfRefusal,
  stage: ({ flags: { target, dryRun } }, env) => {
    const isRestore = sqliteTargetPath(resolveTarget(target, env)) !== null;
    if (dryRun) return isRestore ? 'restore-dry-run' : 'import-dry-run';
    return isRestore ? 'restore' : 'import';
  },
  page: async (report) => {
    if ('runs' in report) return null;
    const { importPage } = await import('../../html/report-pages.ts');
    return importPage(report, [verdict(report)]);
  },
  watchedAs: ({ flags: { status, forget, rollback } }) => {
    if (rollback !== undefined) return 'import-rollback';
    if (status) return 'import-status';
    return forget ? 'import-forget' : null;
  },
  summarize: (report) => ('runs' in report ? summarizeStatus(report) : summarize(report)),
  whenInterrupted: 'nothing was written to the target',
};

/** What is asked of the journal, if anything is; null for an import. */
function askedOfJournal(artifact: string, given: Given): 'status' | 'forget' | 'rollback' | null {
  const { status, forget, rollback, truncate, append } = given;
  const asked = [
    ...(status ? (['status'] as const) : []),
    ...(forget ? (['forget'] as const) : []),
    ...(rollback === undefined ? [] : (['rollback'] as const)),
  ];
  const [first, second] = asked;
  if (second !== undefined) throw usage(`--${asked.join(' and --')} exclude each other`);
  if (first !== undefined && artifact !== '') throw usage(`--${first} takes no artifact`);
  if (first === undefined && artifact === '') throw usage("missing required argument 'artifact'");
  if (given.force && first !== 'rollback') throw usage('--force goes with --rollback only');
  const loading = first === undefined ? [] : LOADING_FLAGS.filter((name) => isGiven(given[name]));
  if (first !== undefined && loading.length > 0) {
    throw usage(`--${first} goes without ${loading.map(flagName).join(', ')}`);
  }
  if (truncate && append) {
    throw usage('--truncate and --append exclude each other: one empties what the other keeps');
  }
  if (truncate && isGiven(given.onConflict)) {
    throw usage('--truncate and --on-conflict exclude each other: no row would be left to meet');
  }
  return first ?? null;
}

async function askJournal(
  question: 'status' | 'forget' | 'rollback',
  asked: JournalOptions,
  given: Given,
  context: CommandContext,
): Promise<CommandResult<ImportStatusReport>> {
  if (question === 'rollback') {
    const { rollbackRun } = await import('../../commands/import-rollback.ts');
    return rollbackRun({ ...asked, run: given.rollback ?? '', force: given.force }, context);
  }
  const { forgetRuns, importStatus } = await import('../../commands/import-status.ts');
  return question === 'forget' ? forgetRuns(asked, context) : importStatus(asked, context);
}

type Given = FlagValues<typeof flags>;

/** What an import alone understands, as far as it shows whether it was given. */
const LOADING_FLAGS = [
  'mapping',
  'memory',
  'truncate',
  'append',
  'onConflict',
  'tables',
  'dryRun',
  'keepConstraints',
  'migrations',
  'restart',
  'skipMigrationCheck',
  'html',
] as const;

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function usage(message: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${message}; see import --help`,
  });
}

function isLoaded({ state }: ImportReport['tables'][number]): boolean {
  return state === 'committed' || state === 'done-before';
}

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
    isLoaded(table) && table.digest !== null ? `digest ${shortDigest(table.digest)}` : '',
  ]);
  return [
    ...formatColumns(rows, new Set([1, 4])),
    ...describeLedger(
      report.ledger,
      touched.some((table) => table.state === 'committed'),
    ),
    ...describeJudgement(report),
    verdict(report),
  ];
}

/** Why the load began at once. */
function describeJudgement({ tables }: ImportReport): string[] {
  const byFacts = tables.filter(({ judgedBy }) => judgedBy === 'facts').length;
  if (byFacts === 0) return [];
  return [
    `${byFacts} of ${formatPlural(tables.length, 'table')} read once: what verify learned of each column says that every value fits`,
  ];
}

function verdict(report: ImportReport): string {
  if (isSqliteTarget(report)) return describeRestore(report);
  const committed = report.tables.filter((table) => table.state === 'committed');
  const time = formatDuration(report.elapsedMs);
  if (report.exitCode !== 0) {
    return committed.length === 0
      ? `nothing was loaded into ${report.target}`
      : `${committed.length} of ${formatPlural(report.tables.length, 'table')} committed in ${report.target}: ${committed.map((table) => table.target).join(', ')}`;
  }
  const before = report.tables.filter((table) => table.state === 'done-before');
  if (report.run !== null && before.length === report.tables.length) {
    return `nothing is left to load into ${report.target}: run ${report.run.id} has loaded all of it, ${sizeOf(before)}, and every row is as it was loaded`;
  }
  const size = sizeOf(report.tables.filter((table) => table.state !== 'done-before'));
  const already = before.length === 0 ? '' : `; ${sizeOf(before)} had been loaded before`;
  return report.dryRun
    ? `dry run: ${size} would load into ${report.target}; all was rolled back, in ${time}${already}`
    : `${size} loaded into ${report.target} in ${time}; counts, foreign keys and sequences checked${already}`;
}

/** `4 tables, 500,002 rows` */
function sizeOf(tables: ImportReport['tables']): string {
  const rows = tables.reduce((sum, table) => sum + table.rowCount, 0);
  return `${formatPlural(tables.length, 'table')}, ${formatPlural(rows, 'row')}`;
}
