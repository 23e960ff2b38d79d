import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { LostRows } from '../check/lost-rows.ts';
import { planOffline } from '../mapping/plan-offline.ts';
import { FindingCollector } from '../model/findings.ts';
import { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { VerifyReport } from '../model/reports/verify.ts';
import { applyMapping, describeMapping } from './apply-mapping.ts';
import { plannedArtifact } from './planned-artifact.ts';
import { describeChecked, verifyRows } from './verify-rows.ts';

export interface VerifyOptions {
  /** A folder, or a single file. */
  readonly artifact: string;
  /** A mapping to hold against the artifact. */
  readonly mapping?: string | undefined;
}

export type VerifyResult = CommandResult<VerifyReport>;

/**
 * Checks an artifact offline: everything that `checkArtifact` checks, and what a mapping would leave
 * out or cannot convert. Faults are findings.
 *
 * @throws ToolkitError of kind `artifact` when there is no readable manifest of a known version, of
 * kind `usage` when the mapping cannot be
 */
export async function verifyArtifact(
  options: VerifyOptions,
  context: CommandContext,
): Promise<VerifyResult> {
  const artifact = await openArtifact(options.artifact, context);
  try {
    return await verifyOpened(artifact, options, context);
  } finally {
    await artifact.close();
  }
}

async function verifyOpened(
  artifact: Artifact,
  options: VerifyOptions,
  context: CommandContext,
): Promise<VerifyResult> {
  const source = plannedArtifact(artifact);
  const mapping = await applyMapping(options.mapping, source);
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const plans = mapping === null ? [] : planOffline(source, mapping.tables, findings);
  const lostRows = new LostRows(plans, context.keyMemoryBytes);
  try {
    const learnsFacts = mapping === null;
    const rows = { artifact, plans, mapping, lostRows, findings, ledger, learnsFacts };
    const tables = await verifyRows(rows, context);
    return {
      ...describeChecked(artifact, tables),
      mapping: describeMapping(mapping),
      ledger: ledger.list(),
      comparison: null,
      findings: findings.list(),
    };
  } finally {
    lostRows.close();
  }
}
