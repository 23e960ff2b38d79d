import * as z from 'zod';

import { listReports, readReport, type ReportFile } from '../artifact/kept-reports.ts';
import { REPORTS_FOLDER, compactTime } from '../artifact/paths.ts';
import { openArtifact, type Artifact } from '../artifact/reader.ts';
import type { ArtifactStory, StoryEvent } from '../model/artifact-story.ts';
import { FindingCollector, inReportOrder } from '../model/findings.ts';
import { keptReportSchema, type KeptReport } from '../model/kept-report.ts';
import type { CommandContext } from '../model/progress.ts';
import type { CommandResult } from '../model/reports/parts.ts';
import type { VerifySummaryReport } from '../model/reports/verify.ts';
import { scriptOfStage, type Stage } from '../model/stage.ts';
import { withLaterProof } from './artifact-proof.ts';
import { StoryParts, describeStored } from './story-parts.ts';
import type { VerifyResult } from './verify.ts';
import { estimateWindow } from './window-estimate.ts';

type NamedFile = Pick<ReportFile, 'name'>;

/**
 * Tells what became of an artifact from the reports that are kept with it, and how long the next run
 * takes. Nothing is verified. A file that is no such report is a finding.
 *
 * @throws ToolkitError of kind `artifact` when there is no readable manifest of a known version
 */
export async function summarizeReports(
  path: string,
  context: CommandContext,
): Promise<CommandResult<VerifySummaryReport>> {
  const artifact = await openArtifact(path, context);
  try {
    const findings = new FindingCollector();
    const story = await readStory(artifact, findings, context.signal);
    const { path, id } = artifact;
    return { artifact: { path, id }, ...story, findings: findings.list() };
  } finally {
    await artifact.close();
  }
}

/** Adds to a verification what the reports say that are kept with the artifact. */
export async function withStory(
  verified: VerifyResult,
  context: CommandContext,
): Promise<VerifyResult> {
  const summary = await summarizeReports(verified.artifact.path, context);
  const { artifact: _artifact, findings, ...told } = summary;
  const proof =
    verified.proof === undefined ? told.proof : withLaterProof(told.proof, verified.proof);
  return {
    ...verified,
    story: { ...told, proof },
    findings: inReportOrder([...verified.findings, ...findings]),
  };
}

async function readStory(
  artifact: Artifact,
  findings: FindingCollector,
  signal: AbortSignal,
): Promise<ArtifactStory> {
  const kept = await readEvents(artifact, findings, signal);
  const parts = new StoryParts(artifact);
  for (const { event, report } of kept) parts.add(event, report);
  const events = kept.map(({ event }) => event);
  const taken = describeTaken(artifact);
  return {
    taken,
    events,
    estimate: estimateWindow(events, taken.totalBytes),
    ...describeStored(artifact),
    ...parts.list(),
  };
}

interface KeptEvent {
  readonly event: StoryEvent;
  readonly report: KeptReport;
}

/** @returns the events in the order of their beginning */
async function readEvents(
  artifact: Artifact,
  findings: FindingCollector,
  signal: AbortSignal,
): Promise<KeptEvent[]> {
  let files: readonly ReportFile[];
  try {
    files = await listReports(artifact.path);
  } catch (error) {
    skip(findings, { name: REPORTS_FOLDER }, reasonOf(error));
    return [];
  }
  const events: KeptEvent[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const event = await readEvent(file, artifact, findings);
    if (event !== null) events.push(event);
  }
  return events.toSorted((a, b) => Date.parse(a.event.startedAt) - Date.parse(b.event.startedAt));
}

function describeTaken({ manifest }: Artifact): ArtifactStory['taken'] {
  const { createdAt, toolVersion, source, tables } = manifest;
  return {
    at: createdAt,
    toolVersion,
    fileName: source.fileName,
    sourceBytes: source.sizeBytes,
    tables: tables.length,
    totalRows: tables.reduce((sum, table) => sum + table.rowCount, 0),
    totalBytes: tables.reduce((sum, table) => sum + table.sizeBytes, 0),
  };
}

async function readEvent(
  file: ReportFile,
  artifact: Artifact,
  findings: FindingCollector,
): Promise<KeptEvent | null> {
  const { named } = file;
  if (named === null) return skip(findings, file, 'no script gives a report such a name');
  let report: KeptReport;
  try {
    report = keptReportSchema.parse(await readReport(file));
  } catch (error) {
    return skip(findings, file, reasonOf(error));
  }
  if (!isNamedRightly(report, named)) {
    return skip(findings, file, 'it is not what its name says');
  }
  if (report.artifact.id !== artifact.id) {
    findings.add({
      code: 'report-of-another-artifact',
      severity: 'warning',
      kind: 'integrity',
      message: 'a report of another artifact lies with this one: it was passed over',
      where: { file: shownName(file) },
      hint: 'move it to the artifact that it is about; its field artifact.id says which',
    });
    return null;
  }
  return { event: toEvent(file.name, named.stage, report), report };
}

function skip(findings: FindingCollector, file: NamedFile, reason: string): null {
  findings.add({
    code: 'report-unreadable',
    severity: 'warning',
    kind: 'integrity',
    message: `a file among the reports was passed over: ${reason}`,
    where: { file: shownName(file) },
    hint: 'the artifact itself is not touched by it: move the file away, or leave it',
  });
  return null;
}

/** A name that nobody of ours gave must not steer a terminal. */
function shownName({ name }: NamedFile): string {
  return name.replaceAll(/\p{Cc}/gu, '�');
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `it is not a report: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function isNamedRightly(
  { command, startedAt }: KeptReport,
  named: { readonly time: string; readonly stage: Stage },
): boolean {
  return scriptOfStage(named.stage) === command && compactTime(new Date(startedAt)) === named.time;
}

function toEvent(file: string, stage: Stage, report: KeptReport): StoryEvent {
  const blocking = (report.findings ?? []).filter(({ severity }) => severity === 'blocking');
  return {
    file,
    stage,
    startedAt: report.startedAt,
    elapsedMs: report.elapsedMs,
    toolVersion: report.toolVersion,
    exitCode: report.exitCode,
    totalRows: report.totalRows ?? null,
    totalBytes: report.totalBytes ?? null,
    peakMemoryBytes: report.peakMemoryBytes ?? null,
    source: report.source ?? null,
    target: report.target ?? report.comparison?.target ?? null,
    run: report.run ?? null,
    findings: blocking.map(({ code, total }) => ({ code, total })),
    error: report.failure?.code ?? report.error?.code ?? null,
  };
}
