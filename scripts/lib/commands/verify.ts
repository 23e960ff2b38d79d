import { openArtifact, type Artifact } from '../artifact/reader.ts';
import { checkArtifact } from '../check/artifact.ts';
import { rowsAhead } from '../check/artifact-rows.ts';
import { NOT_LOADED } from '../check/foreign-keys.ts';
import { rowJudge } from '../check/judge.ts';
import { LostRows } from '../check/lost-rows.ts';
import { planOffline } from '../mapping/plan-offline.ts';
import { FindingCollector } from '../model/findings.ts';
import { Ledger } from '../model/ledger.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult, VerifyReport } from '../model/report.ts';
import { applyMapping, describeMapping } from './apply-mapping.ts';
import { plannedArtifact } from './planned-artifact.ts';

export interface VerifyOptions {
  /** A folder, or a single file. */
  readonly artifact: string;
  /** A mapping to hold against the artifact. */
  readonly mapping?: string | undefined;
}

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
): Promise<CommandResult<VerifyReport>> {
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
): Promise<CommandResult<VerifyReport>> {
  const source = plannedArtifact(artifact);
  const mapping = await applyMapping(options.mapping, source);
  const findings = new FindingCollector();
  const ledger = new Ledger();
  const plans = mapping === null ? [] : planOffline(source, mapping.tables, findings);
  const lostRows = new LostRows(plans);
  try {
    await lostRows.prepare(rowsAhead(artifact, context));
    const tables = await checkArtifact(artifact, findings, context, (table) => {
      if (mapping === null) return undefined;
      const plan = plans.find((candidate) => candidate.source.name === table.name);
      if (plan === undefined) return NOT_LOADED;
      const { look, needsParent } = rowJudge({ plan, findings, ledger, lostRows });
      return {
        look: (row, line, rowKey) => {
          look(row, rowKey === undefined ? { line } : { rowKey, line });
        },
        needsParent,
      };
    });
    return {
      artifact: { path: artifact.path, id: artifact.id },
      totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
      totalBytes: tables.reduce((sum, table) => sum + table.sizeBytes, 0),
      foreignKeys: countForeignKeys(artifact),
      mapping: describeMapping(mapping),
      tables,
      ledger: ledger.list(),
      findings: findings.list(),
    };
  } finally {
    lostRows.close();
  }
}

/** The foreign keys that the artifact lets be checked. */
function countForeignKeys({ manifest }: Artifact): number {
  const names = new Set(manifest.tables.map((table) => table.name));
  return manifest.tables
    .flatMap((table) => table.foreignKeys)
    .filter((key) => key.parent === 'exists' && names.has(key.parentTable)).length;
}
