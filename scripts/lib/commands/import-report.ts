import type { TablePlan } from '../mapping/plan.ts';
import type { LoadOutcome } from '../target/load-outcome.ts';
import { describeDependencies } from '../mapping/describe-dependencies.ts';
import type { JudgedBy } from '../model/judged-by.ts';
import { targetParents } from '../target/parents.ts';
import { describeMapping } from './apply-mapping.ts';
import type { ImportSituation } from './import-load.ts';
import type { ImportResult, OpenImport } from './import.ts';

interface Done {
  readonly plans: readonly TablePlan[];
  readonly outcome: LoadOutcome;
  readonly rowsBefore?: ReadonlyMap<string, number>;
  /** By source table. */
  readonly digests?: ReadonlyMap<string, string | null>;
  /** When the verification began that was relied on; null where the artifact was checked as a whole. */
  readonly verifiedAt?: string | null;
  /** How the rows of a table were judged; null when they were not. */
  readonly judgedBy?: (plan: TablePlan) => JudgedBy | null;
  /** Null when nothing was begun. */
  readonly runId: string | null;
}

/** What an import did, as its report has it. */
export function describeImport(
  { session, schema, artifact, mapping, options }: OpenImport,
  situation: ImportSituation,
  done: Done,
): ImportResult {
  const { outcome, plans, runId } = done;
  const { identity, decision, ledger, findings } = situation;
  return {
    artifact: { path: artifact.path, id: artifact.id },
    target: `${session.label}?schema=${schema}`,
    dryRun: options.dryRun,
    run: runId === null ? null : { id: runId, isResumed: decision.kind !== 'new' },
    totalRows: outcome.tables.reduce((sum, table) => sum + (table.loaded?.rowCount ?? 0), 0),
    totalBytes: outcome.tables.reduce(
      (sum, { loaded, plan }) => sum + (loaded === undefined ? 0 : plan.source.sizeBytes),
      0,
    ),
    verifiedAt: done.verifiedAt ?? null,
    migrations: [...identity.migrations],
    mapping: describeMapping(mapping),
    tables: plans.map((plan) => describeTable(plan, situation, done)),
    dependencies: describeDependencies(
      targetParents(
        plans.map(({ target }) => target),
        situation.catalog.schema,
      ),
    ),
    ledger: ledger.list(),
    findings: findings.list(),
    ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
  };
}

function describeTable(
  plan: TablePlan,
  { decision, ledger }: ImportSituation,
  { outcome: { tables, emptied }, rowsBefore, digests, judgedBy }: Done,
): ImportResult['tables'][number] {
  const outcome = tables.find((candidate) => candidate.plan === plan);
  const isEmptied = emptied.has(plan.target.name);
  const before =
    decision.kind === 'new'
      ? undefined
      : decision.done.find((table) => table.targetTable === plan.target.name);
  return {
    source: plan.source.name,
    target: plan.target.name,
    judgedBy: judgedBy?.(plan) ?? null,
    state: isEmptied ? 'emptied' : (outcome?.state ?? 'not-loaded'),
    rowCount: outcome?.loaded?.rowCount ?? before?.rowsLoaded ?? 0,
    digest: outcome?.loaded?.digest ?? before?.digest ?? digests?.get(plan.source.name) ?? null,
    rowsLeftOut: before?.rowsLeftOut ?? ledger.rowsLeftOut(plan.source.name),
    rowsBefore: rowsBefore?.get(plan.target.name) ?? 0,
    rowsAfter: outcome?.loaded?.rowsAfter ?? before?.rowsAfter ?? (isEmptied ? 0 : null),
    sizeBytes: plan.source.sizeBytes,
    sequences: (outcome?.loaded?.sequences ?? before?.sequences ?? []).map((sequence) => ({
      column: sequence.column,
      sequence: sequence.sequence,
      nextValue: sequence.nextValue.toString(),
    })),
    startedAt: outcome?.loaded?.startedAt ?? null,
    job: outcome?.job ?? null,
    elapsedMs: outcome?.loaded?.elapsedMs ?? before?.elapsedMs ?? 0,
  };
}
