import { exitCodeOfError, exitCodeOfRefusal } from '../../scripts/lib/cli/exit-codes.ts';
import { restoreArtifact } from '../../scripts/lib/commands/restore.ts';
import {
  ToolkitError,
  describeError,
  type ErrorDescription,
} from '../../scripts/lib/model/errors.ts';
import type { Finding } from '../../scripts/lib/model/findings.ts';
import type { CommandContext } from '../../scripts/lib/model/progress.ts';
import type { CommandResult } from '../../scripts/lib/model/reports/parts.ts';
import type { ImportReport } from '../../scripts/lib/model/reports/import.ts';
import { quietContext } from './artifact.ts';

interface RestoreOutcome {
  readonly exitCode: number;
  /** Absent when the restore could not be carried out. */
  readonly report?: CommandResult<ImportReport>;
  readonly error?: ErrorDescription;
  readonly findings: readonly Finding[];
}

/** Restores an artifact to a SQLite file without a process of its own. */
export async function restoreInProcess(
  artifact: string,
  file: string,
  { dryRun = false, context = quietContext }: { dryRun?: boolean; context?: CommandContext } = {},
): Promise<RestoreOutcome> {
  try {
    const report = await restoreArtifact({ artifact, file, dryRun }, context);
    return { exitCode: exitCodeOfRefusal(report), report, findings: report.findings };
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return { exitCode: exitCodeOfError(error), error: describeError(error), findings: [] };
  }
}

/** `code: detail`, a line for each example of each finding. */
export function detailsOf(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ code, examples }) =>
    examples.map(({ detail }) => `${code}: ${detail ?? ''}`),
  );
}
