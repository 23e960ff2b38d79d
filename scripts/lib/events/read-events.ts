import { progressEventSchema, type ProgressEvent } from '../model/progress-events.ts';
import { RunFollower, type RunState } from './run-state.ts';

/** A line of a progress file as an event; null for one that is none, such as one that was cut off. */
export function parseEvent(line: string): ProgressEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return progressEventSchema.safeParse(value).data ?? null;
}

/**
 * Follows the runs whose events stand in a progress file, one after the other.
 *
 * @param lines without their newlines
 * @returns the runs in their order; the last one may still be at work
 */
export async function followRuns(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<RunState[]> {
  const runs: RunFollower[] = [];
  for await (const line of lines) {
    const event = parseEvent(line);
    if (event === null) continue;
    if (event.type === 'start') runs.push(new RunFollower(event));
    else runs.at(-1)?.take(event);
  }
  return runs.map(({ state }) => state);
}
