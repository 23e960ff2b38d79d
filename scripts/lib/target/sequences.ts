import type pg from 'pg';

import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog, TargetSequence, TargetTable } from '../model/target-catalog.ts';
import { quoteTable } from './introspect.ts';

export interface SetSequence {
  readonly column: string;
  readonly sequence: string;
  readonly nextValue: bigint;
  /** What it would have given next before. */
  readonly nextValueBefore: bigint;
}

export interface SequenceOptions {
  /** SQLite's AUTOINCREMENT mark of the column's source, if there is one. */
  readonly markOf: (column: string) => bigint | null;
  /** Rows were there before, so that a sequence must not go back. */
  readonly keepsRows: boolean;
  /** What this run has set so far, by sequence: tables may share one, and it serves them all. */
  readonly alreadySet: Map<string, bigint>;
}

export interface SequenceOutcome {
  readonly set: readonly SetSequence[];
  readonly exhausted: readonly string[];
  readonly notInteger: readonly string[];
}

/**
 * Sets the sequences and identities of a table: above every value of their column, above SQLite's
 * AUTOINCREMENT mark, and at their start for an empty table. Runs in the load's transaction and is
 * undone with it: RESTART is transactional, setval() is not.
 *
 * @returns what was set, and what could not be: a sequence without a value left, or one that feeds a
 * column of no integer type. A sequence that counts down is left alone.
 */
export async function setSequences(
  client: pg.Client,
  catalog: TargetCatalog,
  table: TargetTable,
  options: SequenceOptions,
): Promise<SequenceOutcome> {
  const set: SetSequence[] = [];
  const exhausted: string[] = [];
  const notInteger: string[] = [];
  for (const sequence of table.sequences) {
    if (sequence.increment < 0n) continue;
    if (!sequence.feedsInteger) {
      notInteger.push(sequence.sql);
      continue;
    }
    const { nextValue, nextValueBefore } = await nextValueOf(
      client,
      catalog,
      table,
      sequence,
      options,
    );
    if (nextValue > sequence.max) {
      exhausted.push(sequence.sql);
      continue;
    }
    await client.query(`ALTER SEQUENCE ${sequence.sql} RESTART WITH ${nextValue}`);
    options.alreadySet.set(sequence.sql, nextValue);
    set.push({ column: sequence.column, sequence: sequence.sql, nextValue, nextValueBefore });
  }
  return { set, exhausted, notInteger };
}

async function nextValueOf(
  client: pg.Client,
  catalog: TargetCatalog,
  table: TargetTable,
  sequence: TargetSequence,
  options: SequenceOptions,
): Promise<Pick<SetSequence, 'nextValue' | 'nextValueBefore'>> {
  const { highest, next } = await readSequence(client, catalog, table, sequence);
  const mark = options.markOf(sequence.column);
  const candidates = [
    sequence.start,
    ...(highest === null ? [] : [highest + 1n]),
    ...(mark === null ? [] : [mark + 1n]),
    options.alreadySet.get(sequence.sql) ?? sequence.start,
    ...(options.keepsRows ? [next] : []),
  ];
  const nextValue = candidates.reduce((highest, value) => (value > highest ? value : highest));
  return { nextValue, nextValueBefore: next };
}

/** The highest value of a sequence's column, null when it has none, and what the sequence gives next. */
export async function readSequence(
  client: pg.Client,
  catalog: Pick<TargetCatalog, 'schema'>,
  table: Pick<TargetTable, 'name'>,
  sequence: TargetSequence,
): Promise<{ readonly highest: bigint | null; readonly next: bigint }> {
  const column = quoteIdentifier(sequence.column);
  const { rows } = await client.query<{ highest: string | null; next: string }>(
    `SELECT (SELECT max(${column})::text FROM ${quoteTable(catalog, table.name)}) AS highest,
       (SELECT CASE WHEN is_called THEN last_value + ${sequence.increment} ELSE last_value END::text
        FROM ${sequence.sql}) AS next`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a SELECT without FROM gives one row');
  return { highest: row.highest === null ? null : BigInt(row.highest), next: BigInt(row.next) };
}

/** The highest number in the columns of these tables that a sequence feeds; null where there is none. */
export async function highestFedBy(
  client: pg.Client,
  catalog: Pick<TargetCatalog, 'schema'>,
  sequenceSql: string,
  tables: readonly TargetTable[],
): Promise<bigint | null> {
  let highest: bigint | null = null;
  for (const table of tables) {
    for (const sequence of table.sequences) {
      if (sequence.sql !== sequenceSql || !sequence.feedsInteger) continue;
      const { highest: found } = await readSequence(client, catalog, table, sequence);
      if (found !== null && (highest === null || found > highest)) highest = found;
    }
  }
  return highest;
}
