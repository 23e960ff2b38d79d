import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';

import type { Finding } from '../model/findings.ts';
import {
  EVENTS_VERSION,
  type Activity,
  type JournalRun,
  type Phase,
  type PhaseTable,
  type Progress,
  type Subject,
} from '../model/progress.ts';
import type { EventOf, ProgressEvent } from '../model/progress-events.ts';
import { newRunId } from '../model/run-id.ts';
import { TOOL_VERSION } from '../model/version.ts';
import { PhaseTally, totalsOf } from './phase-tally.ts';
import { WatchedActivity, type ActivityProgress } from './watched-activity.ts';

const HEARTBEAT_EVERY_MS = 2000;

/** What a script is, for those who watch it. */
export interface WatchedScript {
  readonly command: string;
  readonly stage: string;
  /** What the command line says, without any secret. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How a script ended. */
export type Ending = Omit<EventOf<'done'>, keyof EventHead | 'type' | 'findings'>;

type EventHead = Pick<EventOf<'done'>, 'time' | 'runId' | 'stage' | 'elapsedSeconds'>;
type Body<Event> = Event extends ProgressEvent ? Omit<Event, keyof EventHead> : never;

/**
 * Makes events of what a script does: `start` at once, `done` last, and between them one at least every
 * two seconds, so that a script that waits can be told from one that is gone.
 */
export class EventStream implements Progress {
  readonly #script: WatchedScript;
  readonly #take: (event: ProgressEvent) => void;
  readonly #runId = newRunId(new Date());
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #active = new Set<WatchedActivity>();
  /** Tables whose rows are done, and whose end is still to be told. */
  readonly #unsettled = new Map<string, WatchedActivity>();
  readonly #findings = { blocking: 0, warning: 0, info: 0 };
  #tally: PhaseTally | null = null;
  #isOver = false;

  /** @param take is given each event, in their order; may throw at `start` only, and then there is no stream */
  constructor(script: WatchedScript, take: (event: ProgressEvent) => void) {
    this.#script = script;
    this.#take = take;
    this.#emit({
      type: 'start',
      eventsVersion: EVENTS_VERSION,
      command: script.command,
      toolVersion: TOOL_VERSION,
      processId: process.pid,
      host: hostname(),
      options: { ...script.options },
    });
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_EVERY_MS).unref();
  }

  plan(phase: Phase, tables: readonly PhaseTable[]): void {
    const totals = totalsOf(tables);
    this.#beginPhase(phase, totals.rowsTotal, {
      ...totals,
      tables: tables.map(({ table, rows, bytes, isDone = false }) => ({
        table,
        rowsTotal: rows,
        bytesTotal: bytes,
        isDone,
      })),
    });
  }

  start(label: string, totalRows: number | null, subject?: Subject): Activity {
    // Work that nobody may watch is shown to people only.
    if (subject === undefined) return { advance: () => undefined, done: () => undefined };
    const { phase, table, job } = subject;
    if (this.#tally?.phase !== phase) {
      const rowsTotal = table === undefined ? totalRows : null;
      this.#beginPhase(phase, rowsTotal, { rowsTotal, bytesTotal: null, tables: [] });
    }
    const tally = this.#tally ?? new PhaseTally(phase, null);
    const activity = new WatchedActivity(subject, label, totalRows, tally, {
      progressed: (progress) => this.#emit({ type: 'progress', ...progress }),
      ended: (ended) => this.#end(ended),
    });
    this.#active.add(activity);
    if (table !== undefined) {
      const which = { phase, table, ...(job === undefined ? {} : { job }) };
      this.#emit({ type: 'table-start', ...which, rowsTotal: totalRows });
    }
    return activity;
  }

  note(text: string): void {
    for (const message of text.split('\n')) {
      if (message.trim() !== '') this.#emit({ type: 'log', message });
    }
  }

  settle(_phase: Phase, table: string, outcome: 'done' | 'failed'): void {
    const activity = this.#unsettled.get(table);
    if (activity !== undefined) this.#tableDone(activity, outcome);
  }

  journalRun({ id, isResumed }: JournalRun): void {
    this.#emit({ type: 'journal', journalRunId: id, isResumed });
  }

  findings(findings: readonly Finding[]): void {
    for (const { examples: _, ...finding } of findings) {
      this.#findings[finding.severity] += 1;
      this.#emit({ type: 'finding', ...finding });
    }
  }

  /** The last event; a second call says nothing. */
  end(ending: Ending): void {
    if (this.#isOver) return;
    for (const activity of [...this.#active, ...this.#unsettled.values()]) {
      if (activity.subject.table !== undefined) this.#tableDone(activity, 'failed');
    }
    this.#emit({ type: 'done', ...ending, findings: { ...this.#findings } });
    this.#isOver = true;
    clearInterval(this.#timer);
  }

  #beginPhase(
    phase: Phase,
    rowsTotal: number | null,
    size: Pick<EventOf<'phase'>, 'rowsTotal' | 'bytesTotal' | 'tables'>,
  ): void {
    this.#tally = new PhaseTally(phase, rowsTotal);
    this.#emit({ type: 'phase', phase, ...size });
  }

  #end(activity: WatchedActivity): void {
    this.#active.delete(activity);
    const { table, isSettledLater } = activity.subject;
    if (table === undefined) return;
    if (isSettledLater === true) this.#unsettled.set(table, activity);
    else this.#tableDone(activity, activity.hasFailed ? 'failed' : 'done');
  }

  #tableDone(activity: WatchedActivity, outcome: 'done' | 'failed'): void {
    const { phase, table = '', job } = activity.subject;
    this.#active.delete(activity);
    this.#unsettled.delete(table);
    const which = { phase, table, ...(job === undefined ? {} : { job }) };
    this.#emit({ type: 'table-done', ...which, outcome, ...activity.result() });
  }

  /** Says of each activity how far it is; where there is none, that the script is still there. */
  #beat(): void {
    for (const activity of this.#active) activity.sayAfter(HEARTBEAT_EVERY_MS);
    if (this.#active.size > 0) return;
    const idle: ActivityProgress = {
      phase: this.#tally?.phase ?? null,
      table: null,
      rows: 0,
      rowsTotal: null,
      bytes: 0,
      rowsPerSecond: 0,
      secondsLeft: null,
      ...(this.#tally?.describe() ?? {
        phaseRows: 0,
        phaseRowsTotal: null,
        phaseSecondsLeft: null,
      }),
    };
    this.#emit({ type: 'progress', ...idle });
  }

  #emit(body: Body<ProgressEvent>): void {
    if (this.#isOver) return;
    const { type, ...rest } = body;
    const head: EventHead = {
      time: new Date().toISOString(),
      runId: this.#runId,
      stage: this.#script.stage,
      elapsedSeconds: Math.round(performance.now() - this.#startedAt) / 1000,
    };
    // The head goes between, so that each line begins alike.
    this.#take({ type, ...head, ...rest } as ProgressEvent);
  }
}
