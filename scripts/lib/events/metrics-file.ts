import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { readLastSuccesses, renderMetrics } from './metrics.ts';
import { reasonOf, refuseOtherFile, unusableFile } from './output-file.ts';
import type { EventSink } from './progress-file.ts';
import { RunFollower } from './run-state.ts';

const WRITE_EVERY_MS = 5000;
const EXTENSION = '.prom';

/**
 * Makes a file of metrics that is written anew every few seconds and at the end, each time as a whole:
 * a reader sees the old text or the new. What it held of earlier successes is kept.
 *
 * @param warn is told, once, that it is not up to date
 * @throws ToolkitError of kind `usage` when it cannot be written
 */
export function openMetricsFile(file: string, warn: (message: string) => void): EventSink {
  refuseOtherFile('metrics', file);
  const lastSuccesses = readLastSuccesses(readWritten(file));
  const migration = basename(file, EXTENSION);
  let run: RunFollower | null = null;
  let writtenAt = 0;
  let hasWarned = false;
  const write = (state: RunFollower['state']): void => {
    writtenAt = performance.now();
    replaceFile(file, renderMetrics([{ migration, state, lastSuccesses }]));
  };
  return (event) => {
    if (event.type === 'start') {
      run = new RunFollower(event);
      try {
        write(run.state);
      } catch (error) {
        throw unusableFile('metrics', file, reasonOf(error));
      }
      return;
    }
    run?.take(event);
    const isDue = event.type === 'done' || performance.now() - writtenAt >= WRITE_EVERY_MS;
    if (run === null || !isDue) return;
    try {
      write(run.state);
    } catch (error) {
      if (!hasWarned) warn(`the metrics in ${file} are not up to date: ${reasonOf(error)}`);
      hasWarned = true;
    }
  };
}

function readWritten(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Nothing is there yet; whether it can be written shows at once.
    return '';
  }
}

/** Beside the file, so that a rename is enough; hidden and without `.prom`, so that no collector reads it. */
function replaceFile(file: string, text: string): void {
  const partial = join(dirname(file), `.${basename(file)}.partial-${process.pid}`);
  try {
    writeFileSync(partial, text);
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
