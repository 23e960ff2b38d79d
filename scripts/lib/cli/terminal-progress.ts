import { performance } from 'node:perf_hooks';

import type { Activity, Progress } from '../model/progress.ts';
import { formatCount, formatDuration } from './format.ts';
import type { Terminal } from './terminal.ts';

const SHOWN_AFTER_MS = 1000;
const REDRAW_EVERY_MS = 100;
const PLAIN_LINE_EVERY_MS = 5000;
const BAR_WIDTH = 24;

/**
 * Shows work that takes over a second: on a terminal a bar redrawn in place, elsewhere a plain line
 * now and then. Of several that go on side by side, the terminal's line shows the latest in full
 * and the others by their share. Notes are whole lines.
 */
export function terminalProgress(terminal: Terminal): Progress {
  const line = new StatusLine(terminal);
  return {
    start: (label, totalRows) => new ShownActivity(line, terminal, label, totalRows),
    note: (text) => {
      line.clear();
      terminal.write(`${text}\n`);
    },
  };
}

/** The one line of a terminal that is drawn again and again. */
class StatusLine {
  readonly #terminal: Terminal;
  readonly #shown = new Set<ShownActivity>();
  #isDrawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  draw(activity: ShownActivity): void {
    this.#shown.add(activity);
    const others = [...this.#shown].filter((other) => other !== activity);
    const text = [activity.describe(), ...others.map((other) => other.describeBriefly())].join(
      ' | ',
    );
    this.#terminal.write(`\r\u001b[K${text.slice(0, this.#terminal.columns - 1)}`);
    this.#isDrawn = true;
  }

  remove(activity: ShownActivity): void {
    this.#shown.delete(activity);
    this.clear();
  }

  clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\u001b[K');
    this.#isDrawn = false;
  }
}

class ShownActivity implements Activity {
  readonly #line: StatusLine;
  readonly #terminal: Terminal;
  readonly #label: string;
  readonly #totalRows: number | null;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #rows = 0;
  #shownAt = 0;

  constructor(line: StatusLine, terminal: Terminal, label: string, totalRows: number | null) {
    this.#line = line;
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
    this.#line.remove(this);
  }

  describe(): string {
    const elapsedMs = performance.now() - this.#startedAt;
    const bar = this.#totalRows === null ? '' : `${drawBar(this.#rows, this.#totalRows)} `;
    return `${bar}${describeProgress(this.#label, this.#rows, this.#totalRows, elapsedMs)}`;
  }

  describeBriefly(): string {
    return this.#totalRows === null
      ? this.#label
      : `${this.#label} ${percentOf(this.#rows, this.#totalRows)}%`;
  }

  #show(): void {
    const now = performance.now();
    const elapsedMs = now - this.#startedAt;
    const every = this.#terminal.isInteractive ? REDRAW_EVERY_MS : PLAIN_LINE_EVERY_MS;
    if (elapsedMs < SHOWN_AFTER_MS || now - this.#shownAt < every) return;
    this.#shownAt = now;
    if (this.#terminal.isInteractive) this.#line.draw(this);
    else {
      const text = describeProgress(this.#label, this.#rows, this.#totalRows, elapsedMs);
      this.#terminal.write(`  ${text}\n`);
    }
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
  const percent = percentOf(rows, totalRows);
  const left = rate > 0 ? `, ${formatDuration(((totalRows - rows) / rate) * 1000)} left` : '';
  return `${label}: ${formatCount(rows)} of ${formatCount(totalRows)} rows (${percent}%), ${formatCount(rate)} rows/s${left}`;
}

function percentOf(rows: number, totalRows: number): number {
  return totalRows === 0 ? 100 : Math.floor((rows / totalRows) * 100);
}

function drawBar(rows: number, totalRows: number): string {
  const share = totalRows === 0 ? 1 : Math.min(1, Math.max(0, rows / totalRows));
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}
