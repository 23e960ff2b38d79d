import type { ArtifactStory, MeasuredStage, StoryEvent } from '../model/artifact-story.ts';
import type { Stage } from '../model/stage.ts';

/** What happens in a window, in this order. */
const WINDOW = ['export', 'verify', 'import', 'verify-target'] as const satisfies readonly Stage[];
/** What tells the time of a stage as long as that itself was not measured. */
const STAND_INS: Partial<Record<Stage, Stage>> = { import: 'import-dry-run' };

/**
 * How long the next run takes, by the rates of the latest one of each stage.
 *
 * @param events in the order of their beginning
 * @param totalBytes bytes of the data files of the run that is asked about
 */
export function estimateWindow(
  events: readonly StoryEvent[],
  totalBytes: number,
): ArtifactStory['estimate'] {
  const latest = new Map<Stage, StoryEvent>();
  for (const event of events) if (isMeasure(event)) latest.set(event.stage, event);
  const chosen = new Map(
    WINDOW.map((stage) => [stage, latest.get(stage) ?? latest.get(STAND_INS[stage] ?? stage)]),
  );
  const inWindow = new Set(chosen.values());
  const stages = [...latest.values()].map((event) =>
    measure(event, totalBytes, inWindow.has(event)),
  );
  const counted = stages.filter((stage) => stage.isInWindow);
  return {
    stages,
    missing: WINDOW.filter((stage) => chosen.get(stage) === undefined),
    expectedMs:
      counted.length === 0 ? null : counted.reduce((sum, stage) => sum + stage.expectedMs, 0),
  };
}

/** A run that was gone on with did a part of the work only, and a sample is none. */
function isMeasure({ stage, exitCode, run }: StoryEvent): boolean {
  return exitCode === 0 && run?.isResumed !== true && stage !== 'verify-sample';
}

function measure(event: StoryEvent, wantedBytes: number, isInWindow: boolean): MeasuredStage {
  const { stage, startedAt, target, elapsedMs } = event;
  const totalRows = event.totalRows ?? 0;
  const totalBytes = event.totalBytes ?? 0;
  const perSecond = (amount: number): number | null =>
    elapsedMs === 0 ? null : Math.round((amount / elapsedMs) * 1000);
  return {
    stage,
    measuredAt: startedAt,
    target,
    totalRows,
    totalBytes,
    elapsedMs,
    rowsPerSecond: perSecond(totalRows),
    bytesPerSecond: perSecond(totalBytes),
    isInWindow,
    expectedMs: totalBytes === 0 ? elapsedMs : Math.round((elapsedMs / totalBytes) * wantedBytes),
  };
}
