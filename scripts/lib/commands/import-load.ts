import { readIntegerRanges } from '../check/integer-ranges.ts';
import { reportConflictKeys } from '../check/conflicts.ts';
import { Judgement } from '../check/judgement.ts';
import { FORMAT_VERSION } from '../artifact/manifest.ts';
import { readVerifiedRecord } from '../artifact/verified-record.ts';
import { TableDigest, TableDigests } from '../compare/target/table-digest.ts';
import { dependencyOrder } from '../mapping/dependency-order.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { Ledger } from '../model/ledger.ts';
import type { PhaseTable } from '../model/progress.ts';
import { newRunId } from '../model/run-id.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { TOOL_VERSION } from '../model/version.ts';
import { readConstraintRights, type ConstraintRights } from '../target/constraints/rights.ts';
import { RunRecorder, whoRuns } from '../target/journal/recorder.ts';
import { backoffMs } from '../target/faults.ts';
import {
  beginRun,
  resumeRun,
  type NewTable,
  type RunAttempt,
  type RunIdentity,
} from '../target/journal/runs.ts';
import { openJournal } from '../target/journal/tables.ts';
import { loadAll } from '../target/load-all.ts';
import { tryLoad } from '../target/load-dry-run.ts';
import type { LoadJob } from '../target/load-group.ts';
import type { LoadOutcome, TableOutcome } from '../target/load-outcome.ts';
import { LoadSession } from '../target/load-session.ts';
import { targetParents } from '../target/parents.ts';
import { planWithRanges } from './plan-with-ranges.ts';
import { checkExistingRows } from './existing-rows.ts';
import { loadedByEarlierRuns, type Decision } from './import-decision.ts';
import { judgeArtifact } from './import-judge.ts';
import { describeImport } from './import-report.ts';
import { sequencesInUse } from './import-sequences.ts';
import type { ImportResult, OpenImport } from './import.ts';
import { plannedArtifact } from './planned-artifact.ts';

/** Dropping and building two indexes pays from 3,000 rows on; fewer than these are loaded in no time anyhow. */
const ROWS_TO_DROP_INDEXES = 10_000;

/** What an import knows before it looks at the rows. */
export interface ImportSituation {
  readonly catalog: TargetCatalog;
  readonly identity: RunIdentity;
  readonly decision: Decision;
  /** The target has a journal. */
  readonly hasRunBefore: boolean;
  /** The session that holds the lock on the schema. */
  readonly lockPid: number;
  readonly findings: FindingCollector;
  readonly ledger: Ledger;
}

/** Holds every row against the target, and loads what is not loaded yet if nothing stands in the way. */
export async function judgeAndLoad(
  opened: OpenImport,
  situation: ImportSituation,
): Promise<ImportResult> {
  const { session, artifact, mapping, options, context } = opened;
  const { catalog, identity, decision, findings, ledger } = situation;
  const { client } = session;
  const record = await readVerifiedRecord(artifact);
  const all = await planWithRanges(
    { source: plannedArtifact(artifact), target: catalog, mapping, findings },
    async (undecided) => readIntegerRanges(artifact, undecided, context, record?.factsOf),
  );
  const selection = options.tables;
  const plans =
    selection === undefined ? all : all.filter(({ source }) => selection.includes(source.name));
  const doneBefore = new Set(
    decision.kind === 'new' ? [] : decision.done.map((table) => table.targetTable),
  );
  if (decision.kind === 'nothing-left') {
    const outcome = { tables: doneTables(plans, doneBefore), emptied: new Set<string>() };
    return describeImport(opened, situation, { plans, outcome, runId: decision.run.runId });
  }
  const toLoad = plans.filter(({ target }) => !doneBefore.has(target.name));
  const onConflict = options.onConflict ?? 'error';
  const keepsRows = options.append || onConflict !== 'error';
  const isPlain = decision.kind === 'new' && !keepsRows && !options.truncate;
  const loadedEarlier =
    isPlain && situation.hasRunBefore
      ? await loadedByEarlierRuns(client, identity)
      : new Map<string, string>();
  const rowsBefore = await checkExistingRows(
    client,
    catalog,
    toLoad,
    { ...options, append: keepsRows, loadedEarlier },
    findings,
  );
  reportConflictKeys(toLoad, catalog, onConflict, findings);
  const tableDigests = new TableDigests();
  const judgement = new Judgement({
    plans,
    allPlans: all,
    catalog,
    client,
    findings,
    ledger,
    keepsRows,
    onConflict,
    doneBefore,
    keyMemoryBytes: opened.context.keyMemoryBytes,
    factsOf: (table) => record?.factsOf.get(table),
    watch: (plan) => tableDigests.watch(plan),
  });
  try {
    await judgeArtifact(opened, { plans: all, judgement, findings, record });
    const digests = tableDigests.results();
    const job: Omit<LoadJob, 'client'> = {
      catalog,
      artifact,
      findings,
      context,
      existingRows: options.truncate ? 'truncate' : keepsRows ? 'append' : 'empty',
      rights: await readConstraintRights(client, catalog),
      keepConstraints: options.keepConstraints,
      rowsToDropIndexes: options.rowsToDropIndexes ?? ROWS_TO_DROP_INDEXES,
      lostReferencesOf: (plan) => judgement.lostRows.referencesOf(plan),
      rowsLeftOut: (table) => ledger.rowsLeftOut(table),
      onConflict,
      digestOf: (plan) => (digests.has(plan.source.name) ? null : new TableDigest(plan)),
      conflictsOf: (table) => ledger.total(table, ['conflict_skip', 'conflict_update']),
      sequencesSet: await sequencesInUse(client, catalog, decision, plans),
    };
    const { outcome, runId } = findings.hasBlocking
      ? { outcome: { tables: [], emptied: new Set<string>() }, runId: null }
      : await load(opened, situation, { job, plans, doneBefore, rowsBefore, digests });
    return describeImport(opened, situation, {
      plans,
      outcome,
      rowsBefore,
      digests,
      runId,
      verifiedAt: record?.startedAt ?? null,
      judgedBy: (plan) => judgement.judgedBy(plan),
    });
  } finally {
    judgement.close();
  }
}

interface Load {
  readonly job: Omit<LoadJob, 'client'>;
  readonly plans: readonly TablePlan[];
  readonly doneBefore: ReadonlySet<string>;
  readonly rowsBefore: ReadonlyMap<string, number>;
  /** By source table. */
  readonly digests: ReadonlyMap<string, string | null>;
}

async function load(
  opened: OpenImport,
  situation: ImportSituation,
  toLoad: Load,
): Promise<{ outcome: LoadOutcome; runId: string | null }> {
  const { session, schema, options, context, open } = opened;
  const { job, plans, doneBefore } = toLoad;
  const { label, client } = session;
  const groups = groupPlans(plans, situation.catalog);
  const where = `${label}, schema ${schema}`;
  context.progress.plan?.('load', phaseTablesOf(groups.flat(), doneBefore));
  if (options.dryRun) {
    context.progress.note(`loading into ${where} to try it; all is rolled back`);
    const open = groups.filter((plans) => plans.some(({ target }) => !doneBefore.has(target.name)));
    const outcome = await tryLoad(job, client, open, label);
    return {
      outcome: { ...outcome, tables: [...doneTables(plans, doneBefore), ...outcome.tables] },
      runId: null,
    };
  }
  await openJournal(client);
  const run = await startRun(opened, situation, toLoad);
  const lockSession = new LoadSession(open, session);
  const recorder = new RunRecorder(run, schema, lockSession, situation.lockPid);
  const goOn =
    doneBefore.size === 0 ? '' : `, ${doneBefore.size} of ${plans.length} tables done before`;
  context.onJournalRun?.({ id: run.runId, isResumed: situation.decision.kind === 'resume' });
  context.progress.note(`loading into ${where}: run ${run.runId}${goOn}`);
  for (const note of constraintNotes(job.rights, options.keepConstraints)) {
    context.progress.note(note);
  }
  const outcome = await loadAll({
    job,
    groups,
    doneBefore,
    recorder,
    label,
    retries: options.retries,
    backoffMs: options.backoffMs ?? backoffMs,
    jobs: Math.max(1, Math.min(options.jobs, groups.length)),
    goOnHint: `run the same import again${options.restart ? ', but without --restart' : ''}: it goes on with the tables that are not done`,
    openSession: open,
  });
  const isStopped = outcome.failure !== undefined || job.findings.hasBlocking;
  if (isStopped) await recorder.stopped(outcome.failure ?? null);
  await lockSession.close();
  return { outcome, runId: run.runId };
}

/** In the order in which they load. */
function phaseTablesOf(
  plans: readonly TablePlan[],
  doneBefore: ReadonlySet<string>,
): readonly PhaseTable[] {
  return plans.map(({ source, target }) => ({
    table: target.name,
    rows: source.rowCount,
    bytes: source.sizeBytes,
    isDone: doneBefore.has(target.name),
  }));
}

async function startRun(
  opened: OpenImport,
  { catalog, decision, identity, ledger }: ImportSituation,
  { job, plans, rowsBefore, digests }: Load,
): Promise<RunAttempt> {
  const { session, artifact, mapping, options } = opened;
  if (decision.kind === 'resume') {
    const { runId } = decision.run;
    return { runId, attempt: await resumeRun(session.client, { ...whoRuns(), runId }) };
  }
  const runId = newRunId(new Date());
  const { truncate, append, onConflict = 'error', keepConstraints, jobs } = options;
  await beginRun(
    session.client,
    {
      ...identity,
      ...whoRuns(),
      runId,
      artifactPath: artifact.path,
      formatVersion: FORMAT_VERSION,
      toolVersion: TOOL_VERSION,
      mapping: mapping?.file.content ?? null,
      options: {
        truncate,
        append,
        onConflict,
        keepConstraints,
        jobs,
        tables: options.tables ?? null,
      },
    },
    decision.kind === 'new' ? decision.abandons : null,
    groupPlans(plans, catalog)
      .flat()
      .map((plan, index): NewTable => {
        const rowsLeftOut = job.rowsLeftOut(plan.source.name);
        return {
          targetTable: plan.target.name,
          sourceTable: plan.source.name,
          loadOrder: index + 1,
          rowsExpected:
            plan.source.rowCount - rowsLeftOut - ledger.total(plan.source.name, ['conflict_skip']),
          rowsLeftOut,
          sizeBytes: plan.source.sizeBytes,
          sha256: plan.source.sha256,
          digest: digests.get(plan.source.name) ?? null,
          ledger: ledger.list().filter((entry) => entry.table === plan.source.name),
          rowsEmptied: truncate ? (rowsBefore.get(plan.target.name) ?? 0) : 0,
        };
      }),
  );
  return { runId, attempt: 1 };
}

function doneTables(
  plans: readonly TablePlan[],
  doneBefore: ReadonlySet<string>,
): readonly TableOutcome[] {
  return plans
    .filter(({ target }) => doneBefore.has(target.name))
    .map((plan) => ({ plan, state: 'done-before' }));
}

function constraintNotes(rights: ConstraintRights, keepConstraints: boolean): string[] {
  if (keepConstraints)
    return ['foreign keys and indexes stay in place: PostgreSQL checks each row'];
  if (rights.maySetReplicationRole) return [];
  const keys = [...rights.keys].filter(([key]) => key.isEnforced);
  const kept = keys.filter(([, { mayDrop }]) => !mayDrop).length;
  const some = kept === 0 ? '' : `; ${kept} of ${keys.length} stay in place, which is slower`;
  return [
    `this role may not set session_replication_role: foreign keys are dropped and added again in the transaction that loads their table${some}`,
  ];
}

/** The plans in the groups in which the target's own foreign keys let them load, parents first. */
function groupPlans(plans: readonly TablePlan[], catalog: TargetCatalog): TablePlan[][] {
  const byTarget = new Map(plans.map((plan) => [plan.target.name, plan]));
  const parents = targetParents(
    plans.map(({ target }) => target),
    catalog.schema,
  );
  return dependencyOrder(parents).map((group) =>
    group.members.flatMap((name) => byTarget.get(name) ?? []),
  );
}
