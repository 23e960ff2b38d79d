import { describe, expect, it } from 'vitest';
import { estimateWindow } from '../../../scripts/lib/commands/window-estimate.ts';
import type { StoryEvent } from '../../../scripts/lib/model/artifact-story.ts';
import type { Stage } from '../../../scripts/lib/model/stage.ts';

let clock = 0;

/** An event a second after the one before; 1,000 rows and 50,000 bytes in a second unless it says other. */
function event(stage: Stage, fields: Partial<StoryEvent> = {}): StoryEvent {
  clock += 1000;
  return {
    file: `${stage}.json`,
    stage,
    startedAt: new Date(clock).toISOString(),
    elapsedMs: 1000,
    toolVersion: '1.0.0',
    exitCode: 0,
    totalRows: 1000,
    totalBytes: 50_000,
    peakMemoryBytes: null,
    source: null,
    target: null,
    run: null,
    findings: [],
    error: null,
    ...fields,
  };
}

const BYTES = 50_000;

describe('the estimate of the window', () => {
  it('adds up export, verify, import and verify-target, and leaves out all else', () => {
    const stages: Stage[] = [
      'export',
      'verify',
      'import',
      'verify-target',
      'restore',
      'export-from',
    ];
    const {
      expectedMs,
      missing,
      stages: measured,
    } = estimateWindow(
      stages.map((stage, index) => event(stage, { elapsedMs: (index + 1) * 100 })),
      BYTES,
    );
    expect([expectedMs, missing]).toEqual([1000, []]);
    expect(measured.filter(({ isInWindow }) => !isInWindow).map(({ stage }) => stage)).toEqual([
      'restore',
      'export-from',
    ]);
  });

  it('has the rates of the latest of each stage that ended well, and its target', () => {
    const { stages } = estimateWindow(
      [
        event('import', { elapsedMs: 9000, target: 'old' }),
        event('import', { elapsedMs: 2000, target: 'new' }),
        event('import', { elapsedMs: 1, exitCode: 3, target: 'refused' }),
      ],
      BYTES,
    );
    expect(stages).toMatchObject([
      { target: 'new', rowsPerSecond: 500, bytesPerSecond: 25_000, expectedMs: 2000 },
    ]);
  });

  it('goes by the bytes', () => {
    expect(estimateWindow([event('export')], BYTES * 3).expectedMs).toBe(3000);
  });

  it('does not go by a run that was gone on with, nor by a sample', () => {
    const resumed = event('import', { run: { id: 'r', isResumed: true } });
    const estimate = estimateWindow([resumed, event('verify-sample')], BYTES);
    expect(estimate).toEqual({
      stages: [],
      missing: ['export', 'verify', 'import', 'verify-target'],
      expectedMs: null,
    });
  });

  it('takes a dry run for the import until there is one', () => {
    const dry = event('import-dry-run', { elapsedMs: 700 });
    const [before, after] = [[dry], [dry, event('import', { elapsedMs: 500 })]].map((events) =>
      estimateWindow(events, BYTES),
    );
    expect([before?.expectedMs, before?.missing]).toEqual([
      700,
      ['export', 'verify', 'verify-target'],
    ]);
    expect(after?.expectedMs).toBe(500);
  });

  it('has no rate of an artifact without rows, and the time as it was', () => {
    const empty = event('export', { totalRows: 0, totalBytes: 0, elapsedMs: 0 });
    const { stages, expectedMs } = estimateWindow([empty], 0);
    expect(stages).toMatchObject([{ rowsPerSecond: null, bytesPerSecond: null }]);
    expect(expectedMs).toBe(0);
  });
});
