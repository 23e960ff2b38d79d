import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readExistingModels, missingFrom } from '../draft/existing-schema.ts';
import {
  DRAFT_FILES,
  draftMigrations,
  readDraftFile,
  writeDraftFiles,
  type DraftFile,
  type WrittenDraftFile,
} from '../draft/files.ts';
import { openDraftSource } from '../draft/input.ts';
import type { DraftedSchema } from '../draft/model.ts';
import { draftedMapping, printMapping } from '../draft/print/mapping.ts';
import { printPrismaSchema } from '../draft/print/prisma-schema.ts';
import { printReport } from '../draft/print/report.ts';
import { mayHoldFewTexts } from '../draft/proposals.ts';
import { settleDraft } from '../draft/settle.ts';
import { draftedCatalog } from '../draft/target-catalog.ts';
import { checkMapping } from '../mapping/file/read.ts';
import { resolveMapping } from '../mapping/resolve.ts';
import { ToolkitError } from '../model/errors.ts';
import { FindingCollector, type Finding } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { AnalyzeReport } from '../model/reports/analyze.ts';
import type { SourceCatalog } from '../model/source-catalog.ts';
import { formatPrismaSchema, migrateDiffScript } from '../prisma/migrate.ts';
import type { TableCensus } from '../source/census/take-census.ts';
import type { Integrity } from '../source/integrity.ts';
import type { Source } from '../source/open.ts';
import { countFewTexts } from '../source/few-texts.ts';
import { readSchemaObjects } from '../source/schema-objects.ts';
import { judgeAgainstCatalog } from './judge-source.ts';
import { plannedCatalog } from './planned-catalog.ts';

export interface DraftOptions {
  readonly folder: string;
  /** Overwrites files that were edited. */
  readonly force: boolean;
  /** Writes the first migration too. */
  readonly migration: boolean;
  /** Gives PostgreSQL's tables and columns names in snake_case. */
  readonly snakeCase: boolean;
}

/** What analyze knows of the source by then. */
export interface AnalyzedSource {
  readonly source: Source;
  readonly catalog: SourceCatalog;
  /** Names of the source tables, parents first. */
  readonly order: readonly string[];
  readonly censuses: ReadonlyMap<string, TableCensus>;
  readonly orphans: Integrity['orphans'];
}

type ReportedDraft = NonNullable<AnalyzeReport['draft']>;

/**
 * Looks at the folder before anything long begins.
 *
 * @throws ToolkitError of kind `usage` when it cannot be used
 */
export async function checkDraftFolder({ folder, migration }: DraftOptions): Promise<void> {
  await readDraftFile(folder, DRAFT_FILES.schema);
  if (migration) await migrationName(folder);
}

/**
 * Drafts a Prisma schema that takes every row of the source, and writes it.
 *
 * @throws ToolkitError of kind `usage` when the folder cannot be written
 */
export async function draftPrismaSchema(
  options: DraftOptions,
  analyzed: AnalyzedSource,
  findings: FindingCollector,
  context: CommandContext,
): Promise<ReportedDraft> {
  const schema = await draftSchema(options, analyzed, context);
  const { files, migration } = await printedFiles(options, schema, analyzed.source.path, context);
  const written = await writeDraftFiles(options.folder, files, options.force);
  const isKept = written.some(({ state }) => state === 'kept');
  if (isKept) await reportKept(options, schema, written, findings);
  return {
    folder: options.folder,
    files: written,
    migration: isKept ? null : migration,
    models: schema.tables.length,
    enums: schema.enums.length,
    relations: schema.relations.length / 2,
    decisions: schema.decisions.map(({ columns, rowKeys, ...decision }) => ({
      ...decision,
      columns: [...columns],
      rowKeys: [...(rowKeys ?? [])],
    })),
  };
}

/** Drafts a schema that takes every row of the source; nothing is written. */
export async function draftSchema(
  { snakeCase }: Pick<DraftOptions, 'snakeCase'>,
  { source, catalog, order, censuses, orphans }: AnalyzedSource,
  context: CommandContext,
): Promise<DraftedSchema> {
  const drafted = openDraftSource({
    catalog,
    censuses: new Map(
      [...censuses].map(([table, { columns }]) => [
        table,
        new Map(columns.map(({ name, census }) => [name, census])),
      ]),
    ),
    objects: readSchemaObjects(source.db),
    fewTexts: fewTextsOf(source, censuses),
    isSnakeCase: snakeCase,
  });
  context.progress.note('holding every row against the draft');
  return settleDraft(drafted, async (schema, open) => {
    const findings = new FindingCollector();
    const file = checkMapping('mapping.json', draftedMapping(schema));
    const tables = resolveMapping(file, plannedCatalog(catalog, order));
    const judging = {
      source,
      catalog,
      order: order.filter((name) => open.has(name)),
      mapping: { file, tables },
      findings,
    };
    await judgeAgainstCatalog(draftedCatalog(schema, open), null, judging, context);
    return findings.list().filter((finding) => !isOfSource(finding, orphans));
  });
}

const MOST_LABELS = 12;

/** The columns that an enum could describe, with how many texts they hold. */
function fewTextsOf(
  { db }: Source,
  censuses: AnalyzedSource['censuses'],
): Map<string, Map<string, number>> {
  return new Map(
    [...censuses].map(([table, { columns }]) => {
      const few = columns
        .filter(({ census }) => mayHoldFewTexts(census))
        .map(({ name }) => [name, countFewTexts(db, table, name, MOST_LABELS)] as const)
        .flatMap(([name, count]) => (count === null ? [] : [[name, count] as const]));
      return [table, new Map(few)];
    }),
  );
}

/** Rows that have no parent in the source either: to be mended there, whatever the draft says. */
function isOfSource({ code, where }: Finding, orphans: Integrity['orphans']): boolean {
  return (
    code === 'orphan' &&
    orphans.some(
      ({ table, columns }) => table === where.table && columns.join(', ') === where.column,
    )
  );
}

const MAPPING_SCHEMA = fileURLToPath(new URL('../../mapping.schema.json', import.meta.url));

async function printedFiles(
  { folder, migration }: DraftOptions,
  schema: DraftedSchema,
  sourcePath: string,
  { signal }: CommandContext,
): Promise<{ readonly files: readonly DraftFile[]; readonly migration: string | null }> {
  const name = migration ? await migrationName(folder) : null;
  const temporary = await mkdtemp(join(tmpdir(), 'draft-'));
  try {
    const text = printPrismaSchema(schema);
    const [formatted, script] = await Promise.all([
      formatPrismaSchema(await writeTemporary(temporary, 'formatted', text), { signal }),
      name === null
        ? ''
        : migrateDiffScript(await writeTemporary(temporary, 'migrated', text), { signal }),
    ]);
    const pathOfSchema = relative(folder, MAPPING_SCHEMA).split(sep).join('/');
    const files: DraftFile[] = [
      { path: DRAFT_FILES.schema, text: formatted },
      { path: DRAFT_FILES.mapping, text: printMapping(schema, pathOfSchema) },
      { path: DRAFT_FILES.report, text: printReport(schema, basename(sourcePath)) },
    ];
    if (name === null) return { files, migration: null };
    const statements = schema.statements.map((statement) => `${statement}\n`).join('');
    const added = statements === '' ? '' : `\n-- What Prisma's language cannot say\n${statements}`;
    const { migrations } = DRAFT_FILES;
    files.push(
      { path: `${migrations}/${name}/migration.sql`, text: script + added },
      await lockFile(folder),
    );
    return { files, migration: name };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function writeTemporary(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.prisma`);
  await writeFile(path, text);
  return path;
}

/** As `prisma migrate` writes it. */
const LOCK = `# Please do not edit this file manually
# It should be added in your version-control system (e.g., Git)
provider = "postgresql"
`;

async function lockFile(folder: string): Promise<DraftFile> {
  const path = `${DRAFT_FILES.migrations}/migration_lock.toml`;
  const present = await readDraftFile(folder, path);
  const isOfPostgres = present?.includes('provider = "postgresql"') === true;
  return { path, text: present !== null && isOfPostgres ? present : LOCK };
}

/**
 * The name of the first migration: that of an earlier draft, or a new one.
 *
 * @throws ToolkitError of kind `usage` when migrations build on it already
 */
async function migrationName(folder: string): Promise<string> {
  const [first, ...others] = await draftMigrations(folder);
  if (first === undefined) {
    const now = new Date().toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
    return `${now}_init`;
  }
  if (others.length === 0 && first.endsWith('_init')) return first;
  throw new ToolkitError({
    kind: 'usage',
    code: 'draft-has-migrations',
    message:
      'the folder has migrations that no draft wrote: a new first one would not go with them',
    where: { file: join(folder, DRAFT_FILES.migrations) },
    hint: 'leave out --migration, or draft into another folder',
  });
}

const KEPT = {
  code: 'draft-kept',
  severity: 'warning',
  kind: 'structure',
  message: 'files of an earlier draft differ from what would be drafted now: nothing was written',
  hint: 'compare them by drafting into another folder, or overwrite them with --force',
} as const;

const LACKS = {
  code: 'draft-lacks',
  severity: 'warning',
  kind: 'structure',
  message: 'the source has tables and columns that the schema there does not',
  hint: 'add them to the schema (a draft in another folder shows how), or leave them out in the mapping ("skip", "drop")',
} as const;

/** Says what was left as it is, and what the source has that the schema there does not. */
async function reportKept(
  { folder }: DraftOptions,
  schema: DraftedSchema,
  written: readonly WrittenDraftFile[],
  findings: FindingCollector,
): Promise<void> {
  for (const { path, state } of written) {
    if (state === 'kept') findings.add({ ...KEPT, where: {} }, { detail: join(folder, path) });
  }
  const text = await readDraftFile(folder, DRAFT_FILES.schema);
  const missing = text === null ? [] : missingFrom(readExistingModels(text), schema);
  const where = { file: join(folder, DRAFT_FILES.schema) };
  for (const detail of missing) findings.add({ ...LACKS, where }, { detail });
}
