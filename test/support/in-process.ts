import {
  exitCodeOfError,
  exitCodeOfKind,
  exitCodeOfRefusal,
} from '../../scripts/lib/cli/exit-codes.ts';
import { exportSource, type ExportOptions } from '../../scripts/lib/commands/export.ts';
import { importArtifact, type ImportOptions } from '../../scripts/lib/commands/import.ts';
import { verifyArtifact } from '../../scripts/lib/commands/verify.ts';
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

/** Exports without a process of its own; resolves to the artifact's path. */
export async function exportArtifact(
  source: string,
  out: string,
  options: Omit<ExportOptions, 'source' | 'out'> = {},
): Promise<string> {
  await exportSource({ source, out, ...options }, quietContext);
  return out;
}

/** How a command ended, with what the script would have made of it. */
export interface Outcome<Report> {
  readonly exitCode: number;
  /** Absent when the command could not be carried out. */
  readonly report?: Report;
  /** What stopped it, before or during its work. */
  readonly error?: ErrorDescription;
  readonly findings: readonly Finding[];
}

export type ImportOutcome = Outcome<CommandResult<ImportReport>>;

/** Carries a command out and says how it ended, as the import script would. */
export async function outcomeOf<
  Report extends { readonly findings: readonly Finding[]; readonly failure?: unknown },
>(work: () => Promise<Report>): Promise<Outcome<Report>> {
  try {
    const report = await work();
    const { findings } = report;
    const failure = report.failure as ErrorDescription | undefined;
    return failure === undefined
      ? { exitCode: exitCodeOfRefusal(report), report, findings }
      : { exitCode: exitCodeOfKind(failure.kind), report, error: failure, findings };
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return { exitCode: exitCodeOfError(error), error: describeError(error), findings: [] };
  }
}

/** Imports without a process of its own; the schema need not be Prisma's unless that is asked for. */
export async function importInProcess(
  artifact: string,
  target: string,
  options: Partial<ImportOptions> = {},
  context: CommandContext = quietContext,
): Promise<ImportOutcome> {
  return outcomeOf(async () =>
    importArtifact(
      {
        artifact,
        target,
        truncate: false,
        append: false,
        dryRun: false,
        keepConstraints: false,
        restart: false,
        jobs: 2,
        retries: 0,
        skipMigrationCheck: true,
        env: {},
        ...options,
      },
      context,
    ),
  );
}

/** The findings of a verification; an artifact that cannot be read at all gives its error's code. */
export async function verifyInProcess(
  artifact: string,
): Promise<{ readonly findings: readonly Finding[]; readonly errorCode?: string }> {
  try {
    return { findings: (await verifyArtifact({ artifact }, quietContext)).findings };
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    return { findings: [], errorCode: error.code };
  }
}
