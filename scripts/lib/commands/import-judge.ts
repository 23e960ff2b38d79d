import type { ManifestTable } from '../artifact/manifest.ts';
import type { VerifiedRecord } from '../artifact/verified-record.ts';
import { rowsAhead } from '../check/artifact-rows.ts';
import { checkArtifact } from '../check/artifact.ts';
import { NOT_LOADED, type RowWatcher } from '../check/foreign-keys.ts';
import type { Judgement } from '../check/judgement.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { OpenImport } from './import.ts';

interface RowsToJudge {
  readonly plans: readonly TablePlan[];
  readonly judgement: Judgement;
  readonly findings: FindingCollector;
  /** That these very files were verified: then only their values are looked at. */
  readonly record: VerifiedRecord | null;
}

/**
 * Checks the artifact, unless it is known to be verified, and holds every row against the target, in
 * one pass over the files.
 */
export async function judgeArtifact(
  { artifact, mapping, context }: OpenImport,
  { plans, judgement, findings, record }: RowsToJudge,
): Promise<void> {
  context.progress.note(
    record === null
      ? 'checking the artifact and every value before anything is written'
      : `checking every value before anything is written; the artifact was verified at ${record.startedAt}`,
  );
  const planOf = new Map(plans.map((plan) => [plan.source.name, plan]));
  const isVerified = record !== null;
  await judgement.prepare(rowsAhead(artifact, context));
  const watch = (table: ManifestTable): RowWatcher | undefined => {
    const plan = planOf.get(table.name);
    if (mapping?.tables.get(table.name)?.skip !== undefined) return NOT_LOADED;
    return plan === undefined ? undefined : judgement.table(plan);
  };
  await checkArtifact(artifact, findings, context, watch, isVerified ? 'rows' : 'whole');
  judgement.finish();
  // Whether the files are still those that were verified may explain what was found.
  if (isVerified && findings.hasBlocking) await checkArtifact(artifact, findings, context);
}
