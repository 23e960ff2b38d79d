import type { VerifyResult } from '../../commands/verify.ts';
import { isDifferenceCode } from '../../compare/archives/findings.ts';
import { isTargetDifference } from '../../compare/target/findings.ts';
import { ToolkitError } from '../../model/errors.ts';
import type {
  VerifyReport,
  VerifySummaryReport,
  VerifyTogetherReport,
} from '../../model/reports/verify.ts';
import type { Stage } from '../../model/stage.ts';
import { DEFAULT_SCHEMA } from '../../target/connection-config.ts';
import { archiveVerdicts, summarizeArchiveComparisons } from '../archive-comparison.ts';
import { summarizeChain } from '../chain.ts';
import { flagName } from '../command-line.ts';
import { resolveSource } from '../environment.ts';
import { exitCodeOfFindings } from '../exit-codes.ts';
import { formatBytes, formatDuration, formatPlural } from '../format.ts';
import {
  htmlFlag,
  mappingFlag,
  memoryFlag,
  optionalText,
  optionalWholeNumber,
  repeatableFlag,
  switchFlag,
  valueFlag,
  withoutCommon,
  type CommonValues,
  type FlagValues,
} from '../flags.ts';
import { describeLedger } from '../ledger.ts';
import type { Script } from '../run.ts';
import { summarizePrismaClient } from '../prisma-client.ts';
import { summarizeStory } from '../verify-summary.ts';
import { summarizeTogether } from '../verify-together.ts';
import { comparisonVerdicts, summarizeComparison } from '../verify-target.ts';

/** In the place of a mapping: the artifact has none. */
const NO_MAPPING = 'none';
const MAX_SAMPLE = 100_000;
const MAX_SEED = 2 ** 32 - 1;

const flags = {
  mapping: repeatableFlag(
    mappingFlag.placeholder ?? 'FILE',
    `${mappingFlag.description}; of several artifacts one for each in their order, ${NO_MAPPING} for one that has none`,
    'none',
  ),
  target: valueFlag(
    'URL',
    'compare every row with what this PostgreSQL database holds; it is only read',
    optionalText,
    'none: nothing but the artifact is looked at',
  ),
  schema: valueFlag(
    'NAME',
    'with --target: the schema that was loaded',
    optionalText,
    `?schema= of the URL, else ${DEFAULT_SCHEMA}`,
  ),
  showValues: switchFlag('show the values that differ, not only their lengths and hashes'),
  sample: valueFlag(
    'N',
    'with --target: compare only N rows of each table, chosen at random',
    optionalWholeNumber(1, MAX_SAMPLE),
    'every row',
  ),
  seed: valueFlag(
    'S',
    'with --sample: choose the rows that this number chose before',
    optionalWholeNumber(0, MAX_SEED),
    'a new one, which the report names',
  ),
  againstSource: valueFlag(
    'FILE',
    'compare with this SQLite database as it is now: what changed since the export; it is only read',
    optionalText,
    'none',
  ),
  baseline: valueFlag(
    'ARTIFACT',
    'compare with this artifact, taken before: the rows that were added, removed and changed since',
    optionalText,
    'none',
  ),
  prismaClient: valueFlag(
    'PATH',
    'with --target: read some rows of each model through this Prisma Client, the folder that prisma generate wrote',
    optionalText,
    'none',
  ),
  memory: memoryFlag,
  summary: switchFlag(
    'verify nothing: tell what the reports that are kept with the artifact say, and how long the next run takes',
  ),
  html: htmlFlag,
} as const;

type Given = FlagValues<typeof flags>;

/** `verify ARTIFACT` */
export const verifyScript: Script<
  typeof flags,
  VerifyReport | VerifySummaryReport | VerifyTogetherReport
> = {
  commandLine: {
    name: 'verify',
    summary:
      'Checks an artifact without any database: format, files, sizes, SHA-256, row counts, the form of every line, primary keys, foreign keys; with a mapping, what that would leave out and cannot convert. With --target, compares every value of every row with what a PostgreSQL database holds.',
    argument: {
      name: 'artifact',
      description:
        'the folder or the single file that export wrote; several that fill one target are checked against each other too',
      isRepeatable: true,
    },
    flags,
    examples: [
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --mapping mapping.json',
      'npx tsx scripts/verify.ts exports/shop exports/stock --mapping shop.json --mapping stock.json',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --against-source shop.db',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --baseline exports/rehearsal --show-values',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --target postgresql://app@localhost/shop --prisma-client src/generated/prisma',
      'npx tsx scripts/verify.ts exports/shop-20260131T235959Z --summary',
    ],
  },
  run: async ({ argument: artifact, furtherArguments, flags: given }, outerContext, env) => {
    const context = { ...outerContext, keyMemoryBytes: given.memory };
    const artifacts = [artifact, ...furtherArguments];
    const mappings = mappingsOf(artifacts, given.mapping);
    if (artifacts.length > 1) {
      refuseWithSeveral(given);
      const { verifyTogether } = await import('../../commands/verify-together.ts');
      return verifyTogether(
        artifacts.map((path, index) => ({ artifact: path, mapping: mappings[index] })),
        context,
      );
    }
    if (given.summary) {
      refuseWithSummary(given);
      const { summarizeReports } = await import('../../commands/verify-summary.ts');
      return summarizeReports(artifact, context);
    }
    refuseWithoutTarget(given);
    const [mapping] = mappings;
    const { target, schema, showValues, sample, seed, baseline, prismaClient: path } = given;
    const againstSource =
      given.againstSource === undefined ? undefined : resolveSource(given.againstSource, env);
    const verifyIt = async (): Promise<VerifyResult> => {
      if (target === undefined) {
        const { verifyArtifact } = await import('../../commands/verify.ts');
        return verifyArtifact({ artifact, mapping }, context);
      }
      const { verifyTarget } = await import('../../commands/verify-target.ts');
      const options = { artifact, mapping, target, schema, showValues, sample, seed, env };
      return verifyTarget(options, context);
    };
    const verify = async (): Promise<VerifyResult> => {
      if (target === undefined || path === undefined) return verifyIt();
      const { verifyWithPrismaClient } = await import('../../commands/verify-prisma-client.ts');
      return verifyWithPrismaClient({ path, target, schema, env }, verifyIt, context);
    };
    const { verifyAgainstArchives } = await import('../../commands/verify-archives.ts');
    const verified = await verifyAgainstArchives(
      { artifact, againstSource, baseline, showValues },
      verify,
      context,
    );
    if (given.html === undefined) return verified;
    const { withStory } = await import('../../commands/verify-summary.ts');
    return withStory(verified, context);
  },
  exitCode: exitCodeOfFindings,
  stage: ({ flags: given, furtherArguments }) =>
    furtherArguments.length > 0 ? null : stageOf(given),
  page: async (report) => {
    const { summaryPage, verifyPage } = await import('../../html/report-pages.ts');
    if ('events' in report) return summaryPage(report);
    if ('artifacts' in report) throw new Error('several artifacts have no page');
    return verifyPage(report, [
      soundness(report),
      ...describeReliance(report),
      ...comparisonVerdicts(report),
      ...archiveVerdicts(report),
    ]);
  },
  watchedAs: ({ flags: { summary } }) => (summary ? 'verify-summary' : null),
  summarize: (report) => {
    if ('events' in report) return summarizeStory(report);
    if ('artifacts' in report) return summarizeTogether(report);
    return [
      ...describeLedger(report.ledger, report.comparison !== null),
      soundness(report),
      `artifact id ${report.artifact.id}`,
      ...describeReliance(report),
      ...summarizeComparison(report),
      ...summarizeArchiveComparisons(report),
      ...summarizeChain(report),
      ...summarizePrismaClient(report),
    ];
  },
  whenInterrupted: 'nothing was checked to its end, nothing was written',
};

function stageOf({ summary, target, sample, againstSource, baseline }: Given): Stage | null {
  if (summary) return null;
  if (target !== undefined) return sample === undefined ? 'verify-target' : 'verify-sample';
  if (againstSource !== undefined) return 'verify-source';
  return baseline === undefined ? 'verify' : 'verify-baseline';
}

/** @throws ToolkitError of kind `usage` that names the flags which mean nothing with --summary */
function refuseWithSummary(given: GivenWithCommon): void {
  const { summary: _summary, html: _html, ...others } = withoutCommon(given);
  const names = namesOfGiven(others);
  if (names.length > 0) throw usage(`--summary verifies nothing: without ${names.join(', ')}`);
}

type GivenWithCommon = Given & CommonValues;

/** @throws ToolkitError of kind `usage` that names the flags which speak of one artifact */
function refuseWithSeveral(given: GivenWithCommon): void {
  const { mapping: _mapping, memory: _memory, ...others } = withoutCommon(given);
  const names = namesOfGiven(others);
  if (names.length > 0) {
    throw usage(`several artifacts are checked offline: without ${names.join(', ')}`);
  }
}

function namesOfGiven(given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const isAbsent = value === undefined || value === false || isEmptyList(value);
    return isAbsent ? [] : [flagName(name)];
  });
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** @throws ToolkitError of kind `usage` when it is not clear which mapping is whose */
function mappingsOf(
  artifacts: readonly string[],
  given: readonly string[],
): readonly (string | undefined)[] {
  if (given.length > 0 && given.length !== artifacts.length) {
    const counts = `${formatPlural(artifacts.length, 'artifact')} and ${formatPlural(given.length, 'mapping')}`;
    throw usage(
      `${counts}: give one --mapping for each in their order, ${NO_MAPPING} for one that has none`,
    );
  }
  return given.map((path) => (path === NO_MAPPING ? undefined : path));
}

/** @throws ToolkitError of kind `usage` that names a flag which means nothing without another */
function refuseWithoutTarget({
  target,
  schema,
  showValues,
  sample,
  seed,
  againstSource,
  baseline,
  prismaClient,
}: Given): void {
  const isCompared = [target, againstSource, baseline].some((other) => other !== undefined);
  if (showValues && !isCompared) {
    throw usage('--show-values goes with --target, --against-source or --baseline');
  }
  const given = [
    ...(schema === undefined ? [] : ['--schema']),
    ...(sample === undefined ? [] : ['--sample']),
    ...(prismaClient === undefined ? [] : ['--prisma-client']),
  ];
  if (target === undefined && given.length > 0) {
    throw usage(
      `${given.join(', ')} mean${given.length === 1 ? 's' : ''} nothing without --target`,
    );
  }
  if (seed !== undefined && sample === undefined) throw usage('--seed goes with --sample only');
}

function usage(message: string): ToolkitError {
  return new ToolkitError({
    kind: 'usage',
    code: 'usage',
    message: `${message}; see verify --help`,
  });
}

function soundness(report: VerifyReport): string {
  const { artifact, tables, totalRows, totalBytes, foreignKeys, elapsedMs } = report;
  const size = `${formatPlural(tables.length, 'table')}, ${formatPlural(totalRows, 'row')}, ${formatBytes(totalBytes)}`;
  return `${artifact.path} is ${verdict(report)}: ${size}, ${formatPlural(foreignKeys, 'foreign key')} checked, in ${formatDuration(elapsedMs)}`;
}

/** What was not looked at, and why that does. */
function describeReliance({ reliesOn }: VerifyReport): string[] {
  if (reliesOn === undefined || reliesOn === null) return [];
  return [
    `every file has the SHA-256 that it had when it was verified at ${reliesOn.startedAt}: foreign keys and the order of rows were checked then`,
  ];
}

/** Of the artifact itself: what it was compared with has verdicts of its own. */
function verdict({ findings, comparison }: VerifyReport): string {
  const blocking = findings
    .filter(({ severity, code }) => severity === 'blocking' && !isDifferenceCode(code))
    .filter(({ code }) => code !== 'prisma-client-read' && !isTargetDifference(code))
    .filter(({ kind }) => comparison === null || kind !== 'structure');
  if (blocking.length === 0) return 'sound';
  if (!blocking.every(({ code }) => isOfMapping(code))) return 'NOT sound';
  return comparison === null
    ? 'sound, but the mapping does not fit it'
    : 'sound, but the target does not take all of it';
}

/** Without a target, it takes a mapping for a value or a parent to be missed. */
function isOfMapping(code: string): boolean {
  return code === 'parent-left-out' || code.startsWith('value-');
}
