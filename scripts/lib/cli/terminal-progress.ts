import { performance } from 'node:perf_hooks';

import type { Activity, Progress } from '../model/progress.ts';
import { formatCount, formatDuration } from './format.ts';
import type { Terminal } from './terminal.ts';

const SHOWN_AFTER_MS = 1000;
const REDRAW_EVERY_MS = 100;
const PLAIN_LINE_EVERY_MS = 5000;
const BAR_WIDTH = 24;

/**
 * Shows work that takes over a second: a bar redrawn in place on a terminal, a plain line now and
 * then elsewhere. Notes are whole lines.
 */
export function terminalProgress(terminal: Terminal): Progress {
  return {
    start: (label, totalRows) => new ShownActivity(terminal, label, totalRows),
    note: (text) => terminal.write(`${text}\n`),
  };
}

class ShownActivity implements Activity {
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #totalRows: number | null;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #rows = 0;
  #shownAt = 0;
  #isDrawn = false;

  constructor(terminal: Terminal, label: string, totalRows: number | null) {
    this.#terminal = terminal;
    this.#label = label;
    this.#totalRows = totalRows;
    this.#shownAt = this.#startedAt;
    // Work in the event loop's background moves no rows; the timer keeps the elapsed time alive.
    this.#timer = setInterval(() => this.#show(), 1000).unref();
  }

  advance(rows: number): void {
    this.#rows += rows;
    this.#show();
  }

  done(): void {
    clearInterval(this.#timer);
    if (this.#isDrawn) this.#terminal.write('\r\u001b[K');
    this.#isDrawn = false;
  }

  #show(): void {
    const now = performance.now();
    const elapsedMs = now - this.#startedAt;
    const every = this.#terminal.isInteractive ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS;
    if (elapsedMs < SHOWN_AFTER_MS || now - this.#shownAt < every) return;
    this.#shownAt = now;
    const text = describeProgress(this.#label, this.#rows, this.#totalRows, elapsedMs);
    if (!this.#terminal.isInteractive) {
      this.#terminal.write(`  ${text}\n`);
      return;
    }
    const bar = this.#totalRows === null ? '' : `${drawBar(this.#rows, this.#totalRows)} `;
    this.#terminal.write(`\r\u001b[K${`${bar}${text}`.slice(0, this.#terminal.columns - 1)}`);
    this.#isDrawn = true;
  }
}

/** `users: 1,200 of 30,000 rows (4%), 400 rows/s, 1 min 12 s left` */
export function describeProgress(
  label: string,
  rows: number,
  totalRows: number | null,
  elapsedMs: number,
): string {
  if (totalRows === null) return `${label}: ${formatDuration(elapsedMs)}`;
  const rate = rows / (elapsedMs / 1000);
  const percent = totalRows === 0 ? 100 : Math.floor((rows / totalRows) * 100);
  const left = rate > 0 ? `, ${formatDuration(((totalRows - rows) / rate) * 1000)} left` : '';
  return `${label}: ${formatCount(rows)} of ${formatCount(totalRows)} rows (${percent}%), ${formatCount(rate)} rows/s${left}`;
}

function drawBar(rows: number, totalRows: number): string {
  const share = totalRows === 0 ? 1 : Math.min(1, Math.max(0, rows / totalRows));
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}
