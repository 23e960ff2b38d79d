import { checkArtifact } from '../check/artifact.ts';
import { openArtifact } from '../artifact/reader.ts';
import { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult, VerifyReport } from '../model/report.ts';

export interface VerifyOptions {
  readonly artifact: string;
}

/**
 * Checks an artifact offline: everything that `checkArtifact` checks. Faults are findings.
 *
 * @throws ToolkitError of kind `artifact` when there is no readable manifest of a known version
 */
export async function verifyArtifact(
  options: VerifyOptions,
  context: CommandContext,
): Promise<CommandResult<VerifyReport>> {
  const artifact = await openArtifact(options.artifact);
  const findings = new FindingCollector();
  const tables = await checkArtifact(artifact, findings, context);
  const isChecked = (table: string): boolean =>
    artifact.manifest.tables.some((candidate) => candidate.name === table);
  const foreignKeys = artifact.manifest.tables
    .flatMap((table) => table.foreignKeys)
    .filter((key) => key.parent === 'exists' && isChecked(key.parentTable));
  return {
    artifact: { path: artifact.path, id: artifact.id },
    totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: tables.reduce((sum, table) => sum + table.sizeBytes, 0),
    foreignKeys: foreignKeys.length,
    tables,
    findings: findings.list(),
  };
}
