import { performance } from 'node:perf_hooks';

import type { Phase, PhaseTable } from '../model/progress.ts';

/** How far a phase has come: rows by table, and when all of it will be done. */
export class PhaseTally {
  readonly phase: Phase;
  readonly #startedAt = performance.now();
  readonly #rowsTotal: number | null;
  readonly #rowsOfTables = new Map<string, number>();
  #rows = 0;

  /** @param rowsTotal null when it cannot be known */
  constructor(phase: Phase, rowsTotal: number | null) {
    this.phase = phase;
    this.#rowsTotal = rowsTotal;
  }

  /** A table is begun; what an attempt before had done of it counts no more. */
  begin(table: string): void {
    this.#rows -= this.#rowsOfTables.get(table) ?? 0;
    this.#rowsOfTables.set(table, 0);
  }

  advance(table: string, rows: number): void {
    this.#rows += rows;
    this.#rowsOfTables.set(table, (this.#rowsOfTables.get(table) ?? 0) + rows);
  }

  /** How far it is now, as an event says it. */
  describe(): {
    phaseRows: number;
    phaseRowsTotal: number | null;
    phaseSecondsLeft: number | null;
  } {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return {
      phaseRows: Math.max(0, this.#rows),
      phaseRowsTotal: this.#rowsTotal,
      phaseSecondsLeft: secondsLeft(this.#rows, this.#rowsTotal, seconds),
    };
  }
}

/** The sizes of the tables that are still to be done; null where one is not known. */
export function totalsOf(tables: readonly PhaseTable[]): {
  rowsTotal: number | null;
  bytesTotal: number | null;
} {
  const open = tables.filter(({ isDone }) => isDone !== true);
  return {
    rowsTotal: sumOf(open.map(({ rows }) => rows)),
    bytesTotal: sumOf(open.map(({ bytes }) => bytes)),
  };
}

function sumOf(sizes: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const size of sizes) {
    if (size === null) return null;
    sum += size;
  }
  return sum;
}

/** How long the rest takes at the speed so far; null when that cannot be known. */
export function secondsLeft(
  rows: number,
  rowsTotal: number | null,
  elapsedSeconds: number,
): number | null {
  if (rowsTotal === null || rows <= 0 || elapsedSeconds <= 0) return null;
  return inTenths((Math.max(0, rowsTotal - rows) * elapsedSeconds) / rows);
}

/** Seconds to a tenth: more digits say nothing. */
export function inTenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
