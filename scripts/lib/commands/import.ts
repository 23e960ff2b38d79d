import { existsSync } from 'node:fs';

import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { checkArtifact } from '../check/artifact.ts';
import { dependencyOrder } from '../mapping/dependency-order.ts';
import { rowJudge } from '../mapping/judge.ts';
import { planTables, type TablePlan } from '../mapping/plan.ts';
import { FindingCollector, type FindingHead } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult, ImportReport } from '../model/report.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { parseTargetUrl } from '../target/connection-config.ts';
import { asTargetError, connectTarget, type TargetSession } from '../target/connect.ts';
import { maySetReplicationRole, requireTriggersOn } from '../target/constraints.ts';
import { introspectTarget } from '../target/introspect.ts';
import { countTable, tablesReferringTo, type LoadJob } from '../target/load-group.ts';
import { loadAll, type LoadOutcome } from '../target/load-all.ts';
import { checkMigrations, migrationsBeside } from '../target/migrations.ts';

export const DEFAULT_SCHEMA = 'public';
export const DEFAULT_MIGRATIONS = 'prisma/migrations';

export interface ImportOptions {
  readonly artifact: string;
  readonly target: string;
  /** Overrides the URL's `?schema=`. */
  readonly schema?: string | undefined;
  /** Empty tables that hold rows, each in the transaction that loads it. */
  readonly truncate: boolean;
  /** Load beside the rows that are there. */
  readonly append: boolean;
  readonly dryRun: boolean;
  /** The migrations folder to compare with; by default the one that Prisma's configuration names. */
  readonly migrations?: string | undefined;
  readonly skipMigrationCheck: boolean;
  readonly env: NodeJS.ProcessEnv;
}

type ImportResult = CommandResult<ImportReport>;

/**
 * Loads an artifact into a migrated PostgreSQL schema. Everything that does not fit is found before
 * anything is written: then nothing is loaded, and the findings say why.
 *
 * @throws ToolkitError of kind `artifact`, `target` or `target-schema` when the check cannot be made
 */
export async function importArtifact(
  options: ImportOptions,
  context: CommandContext,
): Promise<ImportResult> {
  const artifact = await openArtifact(options.artifact);
  const address = parseTargetUrl(options.target, options.env);
  const schema = options.schema ?? address.schema ?? DEFAULT_SCHEMA;
  const session = await connectTarget(address, 'sqlite-migration import', context.signal);
  try {
    return await importInto(session, schema, artifact, options, context);
  } catch (error) {
    throw error instanceof Error && 'severity' in error
      ? asTargetError(error, session.label)
      : error;
  } finally {
    await session.close();
  }
}

async function importInto(
  session: TargetSession,
  schema: string,
  artifact: Artifact,
  options: ImportOptions,
  context: CommandContext,
): Promise<ImportResult> {
  const { client } = session;
  await requireTriggersOn(client);
  const catalog = await introspectTarget(client, schema);
  const migrations = options.skipMigrationCheck
    ? []
    : await checkMigrations(client, schema, migrationsFolder(options));
  const findings = new FindingCollector();
  const plans = planTables(artifact.manifest, catalog, findings);
  const rowsBefore = await checkExistingRows(session, catalog, plans, options, findings);
  context.progress.note(`checking the artifact and every value before anything is written`);
  const planOf = new Map(plans.map((plan) => [plan.source.name, plan]));
  await checkArtifact(artifact, findings, context, (table) => {
    const plan = planOf.get(table.name);
    return plan === undefined ? undefined : rowJudge(plan, findings);
  });
  const job: LoadJob = {
    client,
    catalog,
    artifact,
    findings,
    context,
    existingRows: options.truncate ? 'truncate' : options.append ? 'append' : 'empty',
    mayProve: findings.hasBlocking ? false : await maySetReplicationRole(client),
    sequencesSet: new Map(),
  };
  const groups = findings.hasBlocking ? [] : groupPlans(plans, catalog);
  if (groups.length > 0) {
    context.progress.note(loadNote(options.dryRun, session.label, schema));
    if (!job.mayProve) context.progress.note(SLOWER_WITHOUT_RIGHT);
  }
  const outcome = await loadAll(job, groups, session.label, options.dryRun);
  return {
    artifact: { path: artifact.path, id: artifact.id },
    target: `${session.label}?schema=${schema}`,
    dryRun: options.dryRun,
    totalRows: outcome.tables.reduce((sum, table) => sum + (table.loaded?.rowCount ?? 0), 0),
    migrations,
    tables: plans.map((plan) => describeTable(plan, outcome, rowsBefore)),
    findings: findings.list(),
    ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
  };
}

const SLOWER_WITHOUT_RIGHT =
  'this role may not set session_replication_role: PostgreSQL checks foreign keys row by row, which is slower';

function loadNote(dryRun: boolean, label: string, schema: string): string {
  const where = `${label}, schema ${schema}`;
  return dryRun ? `loading into ${where} to try it; all is rolled back` : `loading into ${where}`;
}

/** As `prisma.config.ts` has it: PRISMA_MIGRATIONS, or the folder beside PRISMA_SCHEMA, or the project's own. */
function migrationsFolder({ migrations, env }: ImportOptions): string | null {
  const schema = env['PRISMA_SCHEMA'];
  const folder =
    migrations ??
    env['PRISMA_MIGRATIONS'] ??
    (schema === undefined ? undefined : migrationsBeside(schema));
  if (folder !== undefined) return folder;
  return existsSync(DEFAULT_MIGRATIONS) ? DEFAULT_MIGRATIONS : null;
}

/** The plans in the groups in which the target's own foreign keys let them load, parents first. */
function groupPlans(plans: readonly TablePlan[], catalog: TargetCatalog): TablePlan[][] {
  const byTarget = new Map(plans.map((plan) => [plan.target.name, plan]));
  const parents = new Map(
    plans.map(({ target }) => [
      target.name,
      target.foreignKeys
        .filter((key) => key.parentSchema === catalog.schema)
        .map((key) => key.parentTable),
    ]),
  );
  return dependencyOrder(parents).map((group) =>
    group.members.flatMap((name) => byTarget.get(name) ?? []),
  );
}

const NOT_EMPTY: FindingHead = {
  code: 'target-not-empty',
  severity: 'blocking',
  kind: 'data',
  message: 'target tables hold rows already',
  where: {},
  hint: 'give --truncate to empty each in the transaction that loads it, or --append to keep the rows',
};

const REFERS_TO_EMPTIED: FindingHead = {
  code: 'target-not-empty',
  severity: 'blocking',
  kind: 'data',
  message: 'tables that the artifact does not have refer to tables that --truncate would empty',
  where: {},
  hint: 'empty them yourself if their rows may go, or use --append',
};

async function checkExistingRows(
  session: TargetSession,
  catalog: TargetCatalog,
  plans: readonly TablePlan[],
  options: ImportOptions,
  findings: FindingCollector,
): Promise<Map<string, number>> {
  const loaded = new Set(plans.map((plan) => plan.target.name));
  const touched = options.truncate ? tablesReferringTo(catalog, [...loaded]) : loaded;
  const counts = new Map<string, number>();
  for (const name of touched) {
    const count = await countTable(session.client, catalog, name);
    counts.set(name, count);
    if (count === 0 || options.append || (options.truncate && loaded.has(name))) continue;
    findings.add(loaded.has(name) ? NOT_EMPTY : REFERS_TO_EMPTIED, {
      detail: `${name}: ${count} row${count === 1 ? '' : 's'}`,
    });
  }
  return counts;
}

function describeTable(
  plan: TablePlan,
  { tables, emptied }: LoadOutcome,
  rowsBefore: ReadonlyMap<string, number>,
): ImportResult['tables'][number] {
  const outcome = tables.find((candidate) => candidate.plan === plan);
  const isEmptied = emptied.has(plan.target.name);
  return {
    source: plan.source.name,
    target: plan.target.name,
    state: isEmptied ? 'emptied' : (outcome?.state ?? 'not-loaded'),
    rowCount: outcome?.loaded?.rowCount ?? 0,
    rowsBefore: rowsBefore.get(plan.target.name) ?? 0,
    rowsAfter: outcome?.loaded?.rowsAfter ?? (isEmptied ? 0 : null),
    sizeBytes: plan.source.sizeBytes,
    sequences: (outcome?.loaded?.sequences ?? []).map((sequence) => ({
      ...sequence,
      nextValue: sequence.nextValue.toString(),
    })),
    elapsedMs: outcome?.loaded?.elapsedMs ?? 0,
  };
}
