import { performance } from 'node:perf_hooks';

import type { Activity, Subject } from '../model/progress.ts';
import type { EventOf } from '../model/progress-events.ts';
import { inTenths, secondsLeft, type PhaseTally } from './phase-tally.ts';

const EVENT_EVERY_MS = 500;

/** What an event says of an activity alone. */
export type ActivityProgress = Omit<
  EventOf<'progress'>,
  'type' | 'time' | 'runId' | 'stage' | 'elapsedSeconds'
>;

/** What a {@link WatchedActivity} tells its stream. */
export interface ActivityListener {
  progressed(progress: ActivityProgress): void;
  ended(activity: WatchedActivity): void;
}

/** An activity that says now and then how far it is. */
export class WatchedActivity implements Activity {
  readonly subject: Subject;
  readonly #label: string;
  readonly #totalRows: number | null;
  readonly #tally: PhaseTally;
  readonly #listener: ActivityListener;
  readonly #startedAt = performance.now();
  #saidAt = this.#startedAt;
  #rows = 0;
  #bytes = 0;
  #hasFailed = false;
  #isOver = false;

  constructor(
    subject: Subject,
    label: string,
    totalRows: number | null,
    tally: PhaseTally,
    listener: ActivityListener,
  ) {
    this.subject = subject;
    this.#label = label;
    this.#totalRows = totalRows;
    this.#tally = tally;
    this.#listener = listener;
    tally.begin(this.#name);
  }

  advance(rows: number, bytes = 0): void {
    this.#rows += rows;
    this.#bytes += bytes;
    this.#tally.advance(this.#name, rows);
    if (performance.now() - this.#saidAt >= EVENT_EVERY_MS) this.say();
  }

  fail(): void {
    this.#hasFailed = true;
  }

  done(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.say();
    this.#listener.ended(this);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Says how far it is, if nothing was said of it for so long. */
  sayAfter(milliseconds: number): void {
    if (performance.now() - this.#saidAt >= milliseconds) this.say();
  }

  /** What it has done. */
  result(): { rows: number; bytes: number; seconds: number } {
    return {
      rows: Math.max(0, this.#rows),
      bytes: Math.max(0, this.#bytes),
      seconds: Math.round(performance.now() - this.#startedAt) / 1000,
    };
  }

  say(): void {
    this.#saidAt = performance.now();
    const { rows, bytes, seconds } = this.result();
    const { phase, table, job } = this.subject;
    this.#listener.progressed({
      phase,
      table: table ?? null,
      ...(job === undefined ? {} : { job }),
      rows,
      rowsTotal: this.#totalRows,
      bytes,
      rowsPerSecond: seconds > 0 ? inTenths(rows / seconds) : 0,
      secondsLeft: secondsLeft(rows, this.#totalRows, seconds),
      ...this.#tally.describe(),
    });
  }

  get #name(): string {
    return this.subject.table ?? this.#label;
  }
}
