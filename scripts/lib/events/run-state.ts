import type { Finding } from '../model/findings.ts';
import type { Phase, StageOutcome } from '../model/progress.ts';
import type { EventOf, ProgressEvent } from '../model/progress-events.ts';

/** How far a table is, in the phase that works on it now. */
export interface TableState {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly rows: number;
  /** null when it is not known */
  readonly rowsTotal: number | null;
  readonly bytes: number;
  /** Which job does it; null when no other works beside it. */
  readonly job: number | null;
  /** When it was begun, in seconds since the run began; null before. */
  readonly startedAtSeconds: number | null;
  /** How long it took; null before its end. */
  readonly seconds: number | null;
}

/** How often a code was found. */
export interface CountedFinding {
  readonly code: string;
  readonly severity: Finding['severity'];
  /** Exact number of occurrences. */
  readonly total: number;
}

/** What is known of a run from its events so far. */
export interface RunState {
  readonly runId: string;
  readonly stage: string;
  readonly command: string;
  readonly toolVersion: string;
  /** ISO 8601, as all its times. */
  readonly startedAt: string;
  /** Time of the latest event: of a process that is alive it is a few seconds old at most. */
  readonly heartbeatAt: string;
  /** When a row was done last, or a table or a phase begun or done. */
  readonly advancedAt: string;
  readonly elapsedSeconds: number;
  readonly phase: Phase | null;
  readonly phaseRows: number;
  /** null when it is not known */
  readonly phaseRowsTotal: number | null;
  readonly phaseSecondsLeft: number | null;
  /** Rows that were done, each as often as a phase did it. */
  readonly processedRows: number;
  readonly processedBytes: number;
  /** Tables of the phase that is at work, by name. */
  readonly tables: ReadonlyMap<string, TableState>;
  readonly findings: readonly CountedFinding[];
  readonly journalRunId: string | null;
  /** null while it is at work, and for ever when it was killed */
  readonly done: EventOf<'done'> | null;
}

type Mutable<State> = { -readonly [Key in keyof State]: State[Key] };

/** Follows one run by its events. Memory is a line for each table. */
export class RunFollower {
  readonly #tables = new Map<string, TableState>();
  readonly #findings = new Map<string, CountedFinding>();
  readonly #state: Mutable<RunState>;

  constructor(start: EventOf<'start'>) {
    this.#state = {
      runId: start.runId,
      stage: start.stage,
      command: start.command,
      toolVersion: start.toolVersion,
      startedAt: start.time,
      heartbeatAt: start.time,
      advancedAt: start.time,
      elapsedSeconds: start.elapsedSeconds,
      phase: null,
      phaseRows: 0,
      phaseRowsTotal: null,
      phaseSecondsLeft: null,
      processedRows: 0,
      processedBytes: 0,
      tables: this.#tables,
      findings: [],
      journalRunId: null,
      done: null,
    };
  }

  /** What is known so far; it changes with the next event. */
  get state(): RunState {
    return this.#state;
  }

  /** @param event the next one of the same run */
  take(event: ProgressEvent): void {
    const state = this.#state;
    state.heartbeatAt = event.time;
    state.elapsedSeconds = event.elapsedSeconds;
    switch (event.type) {
      case 'phase':
        return this.#beginPhase(event);
      case 'table-start':
        return this.#beginTable(event);
      case 'progress':
        return this.#progress(event);
      case 'table-done':
        return this.#endTable(event);
      case 'finding':
        return this.#found(event);
      case 'journal':
        state.journalRunId = event.journalRunId;
        return;
      case 'done':
        state.done = event;
        return;
      case 'start':
      case 'log':
        return;
      default:
        return event satisfies never;
    }
  }

  #beginPhase({ phase, rowsTotal, tables, time }: EventOf<'phase'>): void {
    const state = this.#state;
    state.phase = phase;
    state.phaseRows = 0;
    state.phaseRowsTotal = rowsTotal;
    state.phaseSecondsLeft = null;
    state.advancedAt = time;
    this.#tables.clear();
    for (const table of tables) {
      const done = table.isDone ? (table.rowsTotal ?? 0) : 0;
      this.#tables.set(table.table, {
        ...NOT_BEGUN,
        state: table.isDone ? 'done' : 'waiting',
        rows: done,
        rowsTotal: table.rowsTotal,
      });
    }
  }

  #beginTable({ table, job, rowsTotal, time, elapsedSeconds }: EventOf<'table-start'>): void {
    this.#state.advancedAt = time;
    this.#tables.set(table, {
      ...NOT_BEGUN,
      state: 'running',
      rowsTotal,
      job: job ?? null,
      startedAtSeconds: elapsedSeconds,
    });
  }

  #progress(event: EventOf<'progress'>): void {
    const state = this.#state;
    if (event.phase === state.phase) {
      const moved = event.table === null && event.phaseRows > state.phaseRows;
      if (moved) {
        state.processedRows += event.phaseRows - state.phaseRows;
        state.advancedAt = event.time;
      }
      state.phaseRows = event.phaseRows;
      state.phaseSecondsLeft = event.phaseSecondsLeft;
    }
    if (event.table !== null) this.#advanceTable(event.table, event);
  }

  /** @returns the table as it was, with the rows that have come since */
  #advanceTable(
    name: string,
    { rows, bytes, time }: Pick<EventOf<'table-done'>, 'rows' | 'bytes' | 'time'>,
  ): TableState {
    const state = this.#state;
    const before = this.#tables.get(name) ?? NOT_BEGUN;
    if (rows > before.rows) {
      state.processedRows += rows - before.rows;
      state.advancedAt = time;
    }
    state.processedBytes += Math.max(0, bytes - before.bytes);
    const after: TableState = { ...before, rows, bytes };
    this.#tables.set(name, after);
    return after;
  }

  #endTable(event: EventOf<'table-done'>): void {
    const { table, outcome, seconds, time } = event;
    const reached = this.#advanceTable(table, event);
    this.#tables.set(table, { ...reached, state: outcome, seconds });
    this.#state.advancedAt = time;
  }

  #found({ code, severity, total }: EventOf<'finding'>): void {
    const key = `${severity} ${code}`;
    const before = this.#findings.get(key)?.total ?? 0;
    this.#findings.set(key, { code, severity, total: before + total });
    this.#state.findings = [...this.#findings.values()];
  }
}

const NOT_BEGUN: TableState = {
  state: 'waiting',
  rows: 0,
  rowsTotal: null,
  bytes: 0,
  job: null,
  startedAtSeconds: null,
  seconds: null,
};

/** How a run stands in one word: `running` also of one that was killed, whose heartbeat is old then. */
export function outcomeOf({ done }: RunState): StageOutcome | 'running' {
  return done === null ? 'running' : done.outcome;
}
