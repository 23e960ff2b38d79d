import { fstatSync, openSync, writeSync } from 'node:fs';

import type { ProgressEvent } from '../model/progress-events.ts';
import { readPart, reasonOf, refuseOtherFile, unusableFile } from './output-file.ts';

/** Takes events; what goes wrong is said to a person, and never stops the work. */
export type EventSink = (event: ProgressEvent) => void;

/**
 * Opens a file to which each event is appended as a line of JSON, which is in the file before the next
 * one is made. Events of earlier runs stay.
 *
 * @param warn is told, once, that events are being lost
 * @throws ToolkitError of kind `usage` when it cannot be opened
 */
export function openProgressFile(file: string, warn: (message: string) => void): EventSink {
  refuseOtherFile('progress', file);
  const descriptor = openForAppending(file);
  let isTorn = endsInTheMiddle(file, descriptor);
  let hasWarned = false;
  return (event) => {
    // A line that was cut off must not take the next one with it.
    const line = `${isTorn ? '\n' : ''}${JSON.stringify(event)}\n`;
    try {
      writeWhole(descriptor, Buffer.from(line));
      isTorn = false;
    } catch (error) {
      isTorn = true;
      if (!hasWarned) warn(`events are missing in ${file}: ${reasonOf(error)}`);
      hasWarned = true;
    }
  };
}

function openForAppending(file: string): number {
  try {
    return openSync(file, 'a');
  } catch (error) {
    throw unusableFile('progress', file, reasonOf(error));
  }
}

/** Whether a script that was killed has left half a line. */
function endsInTheMiddle(file: string, descriptor: number): boolean {
  const stats = fstatSync(descriptor);
  if (!stats.isFile() || stats.size === 0) return false;
  return readPart('progress', file, stats.size - 1, 1) !== '\n';
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length;) {
    offset += writeSync(descriptor, bytes, offset);
  }
}
