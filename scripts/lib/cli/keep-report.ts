import { keepReport } from '../artifact/kept-reports.ts';
import type { ArtifactReference } from '../model/progress.ts';
import type { Stage } from '../model/stage.ts';
import type { Terminal } from './terminal.ts';

/** What {@link keepWithArtifact} needs to know of a report. */
export interface KeptReport {
  readonly startedAt: string;
  /** Absent or null when it is about none, or none could be opened; a rehearsal only names it. */
  readonly artifact?: ArtifactReference | string | null | undefined;
}

/**
 * Keeps a report with its artifact. Where that cannot be, as in an archive that nobody may write to,
 * it is said and nothing more: the script has done its work.
 *
 * @param stageOf gives null when reports like this one are not kept; asked only where there is an artifact
 * @param terminal null to say nothing
 * @returns where it is kept; null when it is not
 */
export async function keepWithArtifact(
  report: KeptReport,
  stageOf: () => Stage | null,
  terminal: Terminal | null,
): Promise<string | null> {
  const { artifact = null } = report;
  if (artifact === null || typeof artifact === 'string') return null;
  const stage = stageOf();
  if (stage === null) return null;
  try {
    return await keepReport(artifact.path, stage, report);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal?.write(`the report is not kept with the artifact: ${reason}\n`);
    return null;
  }
}
