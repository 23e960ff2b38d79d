import type Database from 'better-sqlite3';

import { quoteIdentifier } from '../../model/sql.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import type { StorageClass } from '../../model/values.ts';
import { VALUE_KINDS, type ValueKind } from './kinds.ts';
import { partName, selectParts } from './parts-sql.ts';
import {
  selectStretch,
  stretchParameters,
  type Stretch,
  type StretchParameters,
} from './stretches.ts';

/** Fewer than SQLite's limits ask for: each DISTINCT keeps a table of its own. */
const MAX_COLUMNS = 100;

/** The kinds of the values that some columns hold in a stretch. */
export function kindsInStretch(
  db: Database.Database,
  table: SourceTable,
  columns: readonly string[],
  stretch: Stretch,
  encoding: SourceEncoding,
): ReadonlySet<ValueKind>[] {
  const kinds: ReadonlySet<ValueKind>[] = [];
  const ask = (results: readonly string[], from: string): string[][] =>
    splitCells(
      db
        .prepare<StretchParameters, (string | null)[]>(
          `SELECT ${results.join(', ')} FROM (${from})`,
        )
        .raw(true)
        .get(...stretchParameters(stretch)) ?? [],
    );
  for (let start = 0; start < columns.length; start += MAX_COLUMNS) {
    const group = columns.slice(start, start + MAX_COLUMNS);
    // The storage classes first: what tells the kinds of text apart is long, and most columns hold none.
    const typeofs = group.map((name, index) => `typeof(${quoteIdentifier(name)}) AS class${index}`);
    const classes = ask(
      group.map((_, index) => `group_concat(DISTINCT class${index})`),
      selectStretch(table, typeofs),
    );
    const queried = group.map((name, index) => ({
      name,
      index,
      // SQLite's own words for them.
      classes: new Set(classes[index] as StorageClass[]),
      measured: new Set<never>(),
    }));
    const codes = ask(
      group.map((_, index) => `group_concat(DISTINCT ${partName('kind', index)})`),
      selectParts(table, queried, encoding),
    );
    kinds.push(
      ...codes.map((own) => new Set(own.flatMap((code) => VALUE_KINDS[Number(code)] ?? []))),
    );
  }
  return kinds;
}

function splitCells(cells: readonly (string | null)[]): string[][] {
  return cells.map((cell) => cell?.split(',') ?? []);
}
