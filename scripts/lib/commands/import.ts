import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { checkArtifact } from '../check/artifact.ts';
import { rowsAhead } from '../check/artifact-rows.ts';
import { NOT_LOADED } from '../check/foreign-keys.ts';
import { dependencyOrder } from '../mapping/dependency-order.ts';
import { readIntegerRanges } from '../check/integer-ranges.ts';
import { Judgement } from '../check/judgement.ts';
import type { TablePlan } from '../mapping/plan.ts';
import { FindingCollector } from '../model/findings.ts';
import { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult, ImportReport } from '../model/report.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { chooseSchema, parseTargetUrl, type TargetAddress } from '../target/connection-config.ts';
import { asTargetError, connectTarget, type TargetSession } from '../target/connect.ts';
import {
  readConstraintRights,
  requireTriggersOn,
  type ConstraintRights,
} from '../target/constraints/rights.ts';
import { introspectTarget } from '../target/introspect.ts';
import type { LoadJob } from '../target/load-group.ts';
import { loadAll, type LoadOutcome } from '../target/load-all.ts';
import { checkMigrations } from '../target/migrations.ts';
import {
  applyMapping,
  describeMapping,
  planWithRanges,
  type AppliedMapping,
} from './apply-mapping.ts';
import { checkExistingRows } from './existing-rows.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { plannedArtifact } from './planned-artifact.ts';

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
  /** Leave foreign keys in place while rows load, so that PostgreSQL checks each row. */
  readonly keepConstraints: boolean;
  /** The migrations folder to compare with; by default the one that Prisma's configuration names. */
  readonly migrations?: string | undefined;
  readonly skipMigrationCheck: boolean;
  /** The mapping file; without it, tables and columns go where their names say. */
  readonly mapping?: string | undefined;
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
  const address = parseTargetUrl(options.target, options.env);
  const artifact = await openArtifact(options.artifact, context);
  try {
    const mapping = await applyMapping(options.mapping, plannedArtifact(artifact));
    return await importOpened(artifact, mapping, address, options, context);
  } finally {
    await artifact.close();
  }
}

async function importOpened(
  artifact: Artifact,
  mapping: AppliedMapping | null,
  address: TargetAddress,
  options: ImportOptions,
  context: CommandContext,
): Promise<ImportResult> {
  const schema = chooseSchema(options.schema, address);
  const session = await connectTarget(address, 'sqlite-migration import', context.signal);
  try {
    return await importInto(session, schema, artifact, mapping, options, context);
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
  mapping: AppliedMapping | null,
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
  const plans = await planWithRanges(
    { source: plannedArtifact(artifact), target: catalog, mapping, findings },
    async (undecided) => readIntegerRanges(artifact, undecided, context),
  );
  const rowsBefore = await checkExistingRows(client, catalog, plans, options, findings);
  const ledger = new Ledger();
  const judgement = new Judgement({
    plans,
    catalog,
    client,
    findings,
    ledger,
    keepsRows: options.append,
  });
  try {
    await judgeArtifact(artifact, plans, mapping, judgement, findings, context);
    const job: LoadJob = {
      client,
      catalog,
      artifact,
      findings,
      context,
      existingRows: options.truncate ? 'truncate' : options.append ? 'append' : 'empty',
      rights: await readConstraintRights(client, catalog),
      keepConstraints: options.keepConstraints,
      lostReferencesOf: (plan) => judgement.lostRows.referencesOf(plan),
      rowsLeftOut: (table) => ledger.rowsLeftOut(table),
      sequencesSet: new Map(),
    };
    const groups = findings.hasBlocking ? [] : groupPlans(plans, catalog);
    if (groups.length > 0) {
      context.progress.note(loadNote(options.dryRun, session.label, schema));
      for (const note of constraintNotes(job.rights, options.keepConstraints)) {
        context.progress.note(note);
      }
    }
    const outcome = await loadAll(job, groups, session.label, options.dryRun);
    return {
      artifact: { path: artifact.path, id: artifact.id },
      target: `${session.label}?schema=${schema}`,
      dryRun: options.dryRun,
      totalRows: outcome.tables.reduce((sum, table) => sum + (table.loaded?.rowCount ?? 0), 0),
      migrations,
      mapping: describeMapping(mapping),
      tables: plans.map((plan) => describeTable(plan, outcome, rowsBefore, ledger)),
      ledger: ledger.list(),
      findings: findings.list(),
      ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
    };
  } finally {
    judgement.close();
  }
}

/** Checks the artifact and holds every row against the target, in one pass over the files. */
async function judgeArtifact(
  artifact: Artifact,
  plans: readonly TablePlan[],
  mapping: AppliedMapping | null,
  judgement: Judgement,
  findings: FindingCollector,
  context: CommandContext,
): Promise<void> {
  context.progress.note('checking the artifact and every value before anything is written');
  const planOf = new Map(plans.map((plan) => [plan.source.name, plan]));
  await judgement.prepare(rowsAhead(artifact, context));
  await checkArtifact(artifact, findings, context, (table) => {
    const plan = planOf.get(table.name);
    if (mapping?.tables.get(table.name)?.skip !== undefined) return NOT_LOADED;
    if (plan === undefined) return undefined;
    const { look, settle, needsParent } = judgement.table(plan);
    return {
      look: (row, line, rowKey) => look(row, rowKey === undefined ? { line } : { rowKey, line }),
      settle,
      needsParent,
    };
  });
  judgement.finish();
}

function constraintNotes(rights: ConstraintRights, keepConstraints: boolean): string[] {
  if (keepConstraints) return ['foreign keys stay in place: PostgreSQL checks each row'];
  if (rights.maySetReplicationRole) return [];
  const keys = [...rights.keys].filter(([key]) => key.isEnforced);
  const kept = keys.filter(([, { mayDrop }]) => !mayDrop).length;
  const some = kept === 0 ? '' : `; ${kept} of ${keys.length} stay in place, which is slower`;
  return [
    `this role may not set session_replication_role: foreign keys are dropped and added again in the transaction that loads their table${some}`,
  ];
}

function loadNote(dryRun: boolean, label: string, schema: string): string {
  const where = `${label}, schema ${schema}`;
  return dryRun ? `loading into ${where} to try it; all is rolled back` : `loading into ${where}`;
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

function describeTable(
  plan: TablePlan,
  { tables, emptied }: LoadOutcome,
  rowsBefore: ReadonlyMap<string, number>,
  ledger: Ledger,
): ImportResult['tables'][number] {
  const outcome = tables.find((candidate) => candidate.plan === plan);
  const isEmptied = emptied.has(plan.target.name);
  return {
    source: plan.source.name,
    target: plan.target.name,
    state: isEmptied ? 'emptied' : (outcome?.state ?? 'not-loaded'),
    rowCount: outcome?.loaded?.rowCount ?? 0,
    rowsLeftOut: ledger.rowsLeftOut(plan.source.name),
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
