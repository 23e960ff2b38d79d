import type { TablePlan } from '../../mapping/plan.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import { cancelStatement, type TargetSession } from '../../target/connect.ts';
import { scopeSql } from '../../target/scope.ts';
import type { RowFormat } from './row-format.ts';
import { copyRows } from './statements.ts';
import { readTargetOutput, type TargetOutput } from './target-output.ts';

/** A table whose rows the target is to write. */
export interface AheadTable {
  readonly plan: TablePlan;
  readonly format: RowFormat;
  /** Says whether the archive's rows come in the order in which PostgreSQL sorts them, so far. */
  readonly digest: { readonly isInOrder: boolean };
}

/** What the target writes of all tables, one after the other. */
export interface ReadAhead {
  /**
   * Waits for the output of a table; null where the archive's rows come in another order, so that a
   * digest could say nothing.
   *
   * @param onLines told how many lines came, those too that came before
   * @throws what the target threw, of any table so far
   */
  readonly outputOf: (plan: TablePlan, onLines: LinesListener) => Promise<TargetOutput | null>;
  /** Ends the reading. The session is to be closed where it has not come to its end by itself. */
  readonly stop: () => Promise<void>;
}

type LinesListener = (count: number) => void;

interface Reading {
  lineCount: number;
  onLines: LinesListener;
  readonly output: Promise<TargetOutput | null>;
}

/**
 * Begins to read what the target holds, so that the server works while this side reads the archive.
 * Memory is one piece of the output.
 *
 * @param session in a transaction that sees one state of the target; other statements wait their turn
 */
export function readAhead(
  { client, config, backend }: TargetSession,
  catalog: TargetCatalog,
  tables: readonly AheadTable[],
): ReadAhead {
  let isStopped = false;
  let isOver = false;
  let last: Promise<unknown> = Promise.resolve();
  const read = (table: AheadTable): Reading => {
    const { plan, format, digest } = table;
    const isWanted = (): boolean => !isStopped && digest.isInOrder;
    const sql = copyRows({ catalog, table: plan.target, format }, scopeSql(plan.scope));
    const onLines: LinesListener = (count) => {
      reading.lineCount += count;
      reading.onLines(count);
    };
    const output = last.then(async () =>
      isWanted() ? readTargetOutput(client, sql, { onLines, isWanted }) : null,
    );
    // Whoever asks for it gets what fails; until then nobody may have asked.
    output.catch(() => undefined);
    last = output;
    const reading: Reading = { lineCount: 0, onLines: () => undefined, output };
    return reading;
  };
  const readings = new Map(tables.map((table) => [table.plan, read(table)]));
  void last.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  return {
    outputOf: async (plan, onLines) => {
      const reading = readings.get(plan);
      if (reading === undefined) return null;
      onLines(reading.lineCount);
      reading.onLines = onLines;
      return reading.output;
    },
    stop: async () => {
      isStopped = true;
      if (!isOver) await cancelStatement(config, backend.pid);
    },
  };
}
