import { rollbackRun } from '../../scripts/lib/commands/import-rollback.ts';
import type { StatusResult } from '../../scripts/lib/commands/import-runs.ts';
import { forgetRuns, importStatus } from '../../scripts/lib/commands/import-status.ts';
import { quietContext } from './artifact.ts';
import { outcomeOf, type Outcome } from './in-process.ts';

/** How a command about the journal ended. */
export type JournalOutcome = Outcome<StatusResult>;

/** `import --status` */
export async function statusInProcess(target: string, schema?: string): Promise<JournalOutcome> {
  return outcomeOf(async () => importStatus({ target, schema, env: {} }, quietContext));
}

/** The runs that `import --status` tells of, the latest first. */
export async function runsOf(target: string, schema?: string): Promise<StatusResult['runs']> {
  const { report, error } = await statusInProcess(target, schema);
  if (report === undefined) throw new Error(`there is no status: ${error?.message ?? ''}`);
  return report.runs;
}

/** `import --rollback RUN`; by default of the latest run. */
export async function rollbackInProcess(
  target: string,
  options: { readonly run?: string; readonly force?: boolean } = {},
): Promise<JournalOutcome> {
  const run = options.run ?? (await runsOf(target))[0]?.runId ?? '';
  const force = options.force ?? false;
  return outcomeOf(async () => rollbackRun({ target, run, force, env: {} }, quietContext));
}

/** `import --forget` */
export async function forgetInProcess(target: string): Promise<JournalOutcome> {
  return outcomeOf(async () => forgetRuns({ target, env: {} }, quietContext));
}
