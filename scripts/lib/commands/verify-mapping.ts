import type { Artifact } from '../artifact/reader.ts';
import { checkMapping } from '../mapping/file/read.ts';
import { resolveMapping } from '../mapping/resolve.ts';
import { ToolkitError } from '../model/errors.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { TargetSession } from '../target/connect.ts';
import { readRuns, type JournalRun } from '../target/journal/runs.ts';
import { JOURNAL_SCHEMA, hasJournal } from '../target/journal/tables.ts';
import { applyMapping, type AppliedMapping } from './apply-mapping.ts';
import { plannedArtifact } from './planned-artifact.ts';

/** The mapping that the rows of a target are compared by, and where it came from. */
export interface ChosenMapping {
  readonly applied: AppliedMapping | null;
  readonly from: 'file' | 'journal' | 'none';
  /** The import of which the journal has it. */
  readonly run: string | null;
}

export interface MappingSituation {
  readonly artifact: Artifact;
  readonly session: TargetSession;
  readonly schema: string;
  readonly findings: FindingCollector;
}

/**
 * The mapping of the file, if one is given; else that of the latest import of this artifact into this
 * schema, as the target's journal has it.
 *
 * @throws ToolkitError of kind `usage` when the mapping does not fit the artifact
 */
export async function chooseMapping(
  path: string | undefined,
  { artifact, session, schema, findings }: MappingSituation,
): Promise<ChosenMapping> {
  const source = plannedArtifact(artifact);
  if (path !== undefined) {
    return { applied: await applyMapping(path, source), from: 'file', run: null };
  }
  const runs = await runsOf(session, schema, findings);
  const run = runs.find(({ artifactId }) => artifactId === artifact.id);
  if (run === undefined || run.mapping === null) {
    return { applied: null, from: 'none', run: run?.runId ?? null };
  }
  const file = checkMapping(`the journal's mapping of the run ${run.runId}`, run.mapping);
  return {
    applied: { file, tables: resolveMapping(file, source) },
    from: 'journal',
    run: run.runId,
  };
}

/** The runs that were not taken back; none where the role may not look, which is said. */
async function runsOf(
  { client }: TargetSession,
  schema: string,
  findings: FindingCollector,
): Promise<readonly JournalRun[]> {
  try {
    const runs = (await hasJournal(client)) ? await readRuns(client, schema) : [];
    return runs.filter(({ state }) => state !== 'rolled-back');
  } catch (error) {
    if (!(error instanceof ToolkitError && error.code === 'journal-forbidden')) throw error;
    findings.add({
      code: 'journal-unreadable',
      severity: 'warning',
      kind: 'structure',
      message: `the role may not read the journal in the schema ${JOURNAL_SCHEMA}: the rows are compared without a mapping`,
      where: {},
      hint: 'if the import had a mapping, give it with --mapping',
    });
    return [];
  }
}
