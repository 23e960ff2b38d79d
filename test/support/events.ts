import type { Finding } from '../../scripts/lib/model/findings.ts';
import type { ProgressEvent } from '../../scripts/lib/model/progress-events.ts';
import { EventStream } from '../../scripts/lib/events/event-stream.ts';
import { RunFollower, type RunState } from '../../scripts/lib/events/run-state.ts';

/** A stream whose events a test can read. */
export interface RecordedStream {
  readonly stream: EventStream;
  readonly events: readonly ProgressEvent[];
}

/** Begins to record the events of a script. */
export function recordedStream(stage = 'import'): RecordedStream {
  const events: ProgressEvent[] = [];
  const stream = new EventStream({ command: 'import', stage, options: { jobs: 2 } }, (event) =>
    events.push(event),
  );
  return { stream, events };
}

/** What is known of a run from its events. */
export function followed(events: readonly ProgressEvent[]): RunState {
  const [start, ...others] = events;
  if (start?.type !== 'start') throw new Error('The first event is no start.');
  const follower = new RunFollower(start);
  for (const event of others) follower.take(event);
  return follower.state;
}

export const SUCCESS = {
  exitCode: 0,
  outcome: 'succeeded',
  reportFile: null,
  totals: null,
} as const;

/** A finding of a code. */
export function findingOf(code: string, severity: Finding['severity'], total: number): Finding {
  return {
    code,
    severity,
    kind: 'data',
    message: 'rows are wrong',
    where: { table: 'users' },
    total,
    examples: [{ rowKey: 'id=1' }],
    hint: 'mend them',
  };
}
