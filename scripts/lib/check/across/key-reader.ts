import type { ManifestTable } from '../../artifact/manifest.ts';
import type { Scalar } from '../../mapping/file/schema.ts';
import { matchName } from '../../mapping/match-names.ts';
import { NO_COLUMN_MAPPING, type TableMapping } from '../../mapping/resolved-mapping.ts';
import { scalarValue, type Step } from '../../mapping/steps.ts';
import { MalformedText, asBuffer, type Row, type SqliteValue } from '../../model/values.ts';
import { Misfit } from '../../value/convert/converter.ts';

/** A table that goes into a target of which nothing but the mapping is known. */
export interface OutgoingTable {
  readonly table: ManifestTable;
  readonly mapping: TableMapping;
  /** What the mapping sets in every row, by column of the target. */
  readonly set: Readonly<Record<string, Scalar>>;
}

/** The values of a key as texts; null for one that is NULL, or that no conversion takes. */
export type KeyReader = (row: Row) => readonly (string | null)[];

type CellReader = (row: Row) => string | null;

/** What the target's table is called, as far as the mapping says it. */
export function targetName({ table, mapping }: OutgoingTable): string {
  return mapping.target ?? table.name;
}

/** Reads columns of the source as the mapping converts them, before the target's types are known. */
export function sourceKeyReader(
  { table, mapping }: OutgoingTable,
  columns: readonly string[],
): KeyReader {
  const cells = columns.map((name) => {
    const index = table.columns.findIndex((column) => column.name === name);
    const { steps } = mapping.columns.get(name) ?? NO_COLUMN_MAPPING;
    return convertedCell(index, steps);
  });
  return (row) => cells.map((cell) => cell(row));
}

/**
 * Reads what goes into columns of the target.
 *
 * @returns null when nothing of the table goes into one of them
 */
export function targetKeyReader(
  outgoing: OutgoingTable,
  columns: readonly string[],
): KeyReader | null {
  const filled = filledColumns(outgoing);
  const cells = columns.map((name) => {
    const match = matchName(name, filled);
    return match.kind === 'one' ? match.item.read : null;
  });
  const known = cells.filter((cell) => cell !== null);
  return known.length < cells.length ? null : (row) => known.map((cell) => cell(row));
}

/** The columns of the target that tell the table's rows apart: its primary key, and what is set in all of them. */
export function ownKey({ table, mapping, set }: OutgoingTable): string[] {
  const key = table.primaryKey.map((name) => mapping.columns.get(name)?.target ?? name);
  return key.length === 0 ? [] : [...key, ...Object.keys(set)];
}

interface FilledColumn {
  readonly name: string;
  readonly read: CellReader;
}

function filledColumns({ table, mapping, set }: OutgoingTable): FilledColumn[] {
  const constants = [
    ...Object.entries(set),
    ...[...mapping.add].flatMap(([name, added]) =>
      'constant' in added ? [[name, added.constant] as const] : [],
    ),
  ].map(([name, scalar]) => {
    const text = keyText(scalarValue(scalar));
    return { name, read: () => text };
  });
  const columns = table.columns.flatMap((column, index) => {
    const { drop, target, steps } = mapping.columns.get(column.name) ?? NO_COLUMN_MAPPING;
    const name = target ?? column.name;
    return drop === undefined ? [{ name, read: convertedCell(index, steps) }] : [];
  });
  return [...columns, ...constants];
}

function convertedCell(index: number, steps: readonly Step[]): CellReader {
  return (row) => {
    let value: SqliteValue | Misfit = row[index] ?? null;
    for (const step of steps) {
      value = step.apply(value);
      if (value instanceof Misfit) return null;
    }
    return keyText(value);
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The text by which keys of different sources compare: `3`, `'3'` and `3.0` may all be the integer 3. */
function keyText(value: SqliteValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return UUID.test(value) ? value.toLowerCase() : value;
  if (value instanceof MalformedText) return `\\x${asBuffer(value.bytes).toString('hex')}`;
  if (value instanceof Uint8Array) return `\\x${asBuffer(value).toString('hex')}`;
  return String(value);
}
