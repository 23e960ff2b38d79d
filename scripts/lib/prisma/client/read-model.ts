import type { TargetColumn, TargetTable } from '../../model/target-catalog.ts';
import type { ClientField, ClientModel, ClientRow } from './generated-client.ts';

/** A read that did not give what the application could work with. */
export interface FailedRead {
  /** Null when it is not one field's. */
  readonly field: ClientField | null;
  /** What was read: a row by its place in key order, or the extreme of a column. */
  readonly read: ReadPlace;
  /** What was thrown; undefined for a date that is none. */
  readonly error?: Error;
}

export type ReadPlace =
  | { readonly kind: 'row'; readonly key: ClientRow | null }
  | { readonly kind: 'smallest' | 'largest' | 'extremes' | 'each-label' | 'table' };

/** What reading a model gave. */
export interface ModelReading {
  /** Null when even that could not be read. */
  readonly rowCount: number | null;
  readonly rowsRead: number;
  readonly failures: readonly FailedRead[];
}

/** Types whose smallest and largest values are where a client's range ends. */
const ORDERED_TYPES = new Set(['Int', 'BigInt', 'Float', 'Decimal', 'DateTime']);

/**
 * Reads of one model the first row, the last and some in between in the order of its key, then the
 * smallest and the largest value of each number and time, and every label of each enum.
 *
 * @param table what the database has for the model; undefined when it is not in the schema
 * @param rowsWanted how many rows at most
 */
export async function readModel(
  model: ClientModel,
  table: TargetTable | undefined,
  rowsWanted: number,
  signal: AbortSignal,
): Promise<ModelReading> {
  const reader: Reader = { model, table, signal, failures: [] };
  const counted = await attempt(reader, async () => model.delegate.count());
  if (counted.error !== undefined) {
    const failure: FailedRead = { field: null, read: { kind: 'table' }, error: counted.error };
    return { rowCount: null, rowsRead: 0, failures: [failure] };
  }
  const rowCount = counted.value;
  const rowsRead = await readRows(reader, rowCount, rowsWanted);
  await readExtremes(reader);
  await readLabels(reader);
  return { rowCount, rowsRead, failures: reader.failures };
}

interface Reader {
  readonly model: ClientModel;
  readonly table: TargetTable | undefined;
  readonly signal: AbortSignal;
  readonly failures: FailedRead[];
}

async function readRows(reader: Reader, rowCount: number, rowsWanted: number): Promise<number> {
  const key = keyFields(reader);
  if (key === null) return readPage(reader, { take: rowsWanted }, null);
  let rowsRead = 0;
  for (const position of spread(rowCount, rowsWanted)) {
    // The far half is nearer from the end.
    const isNearEnd = position > rowCount / 2;
    const skip = isNearEnd ? rowCount - 1 - position : position;
    const direction = isNearEnd ? 'desc' : 'asc';
    const orderBy = key.map((field) => ({ [field]: direction }));
    rowsRead += await readPage(reader, { orderBy, skip, take: 1 }, key);
  }
  return rowsRead;
}

/** `count` places or fewer from 0 to `rowCount - 1`, the first and the last among them. */
export function spread(rowCount: number, count: number): number[] {
  if (rowCount <= count) return Array.from({ length: rowCount }, (_, index) => index);
  const last = Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => Math.round((index * (rowCount - 1)) / last));
}

/** The fields of the primary key, or of another key without NULLs; null when there is no such key. */
function keyFields({ model, table }: Reader): string[] | null {
  if (table === undefined) return null;
  const notNull = new Set(table.columns.filter((column) => column.notNull).map(({ name }) => name));
  const keys = table.uniqueKeys.filter(({ columns }) => columns.every((name) => notNull.has(name)));
  const key = keys.find(({ isPrimary }) => isPrimary) ?? keys[0];
  const fields = key?.columns.map(
    (column) => model.fields.find((field) => field.column === column)?.name,
  );
  return fields?.every((field) => field !== undefined) === true ? fields : null;
}

/** @returns how many rows came, whole or not */
async function readPage(
  reader: Reader,
  args: object,
  key: readonly string[] | null,
): Promise<number> {
  const { model, failures } = reader;
  const rows = await attempt(reader, async () => model.delegate.findMany(args));
  if (rows.error === undefined) {
    for (const row of rows.value) {
      for (const field of invalidDates(model, row)) {
        failures.push({ field, read: { kind: 'row', key: keyOf(row, key) } });
      }
    }
    return rows.value.length;
  }
  const failed = await findFailingFields(reader, args);
  const readable = key?.filter((name) => failed.every(({ field }) => field.name !== name)) ?? [];
  const read: ReadPlace = { kind: 'row', key: await readKey(reader, args, readable) };
  if (failed.length === 0) failures.push({ field: null, read, error: rows.error });
  for (const { field, error } of failed) failures.push({ field, read, error });
  return 0;
}

type Attempt<Value> =
  { readonly value: Value; readonly error?: undefined } | { readonly error: Error };

/** @throws when the script was interrupted */
async function attempt<Value>(
  { signal }: Reader,
  read: () => Promise<Value>,
): Promise<Attempt<Value>> {
  signal.throwIfAborted();
  try {
    return { value: await read() };
  } catch (error) {
    signal.throwIfAborted();
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function findFailingFields(
  reader: Reader,
  args: object,
): Promise<{ readonly field: ClientField; readonly error: Error }[]> {
  const failed = [];
  for (const field of reader.model.fields) {
    const select = { [field.name]: true };
    const { error } = await attempt(reader, async () =>
      reader.model.delegate.findMany({ ...args, select }),
    );
    if (error !== undefined) failed.push({ field, error });
  }
  return failed;
}

async function readKey(
  reader: Reader,
  args: object,
  key: readonly string[],
): Promise<ClientRow | null> {
  if (key.length === 0) return null;
  const select = Object.fromEntries(key.map((field) => [field, true]));
  const rows = await attempt(reader, async () =>
    reader.model.delegate.findMany({ ...args, select }),
  );
  return rows.error === undefined ? keyOf(rows.value[0] ?? {}, key) : null;
}

function keyOf(row: ClientRow, key: readonly string[] | null): ClientRow | null {
  return key === null ? null : Object.fromEntries(key.map((field) => [field, row[field]]));
}

/** The client gives a date that JavaScript cannot read as an invalid one, and says nothing. */
function invalidDates({ fields }: ClientModel, row: ClientRow): ClientField[] {
  return fields.filter(({ name }) => {
    const value = row[name];
    return Array.isArray(value) ? value.some(isInvalidDate) : isInvalidDate(value);
  });
}

function isInvalidDate(value: unknown): boolean {
  return value instanceof Date && Number.isNaN(value.getTime());
}

/** In one walk over the table; where that fails, column by column. */
async function readExtremes(reader: Reader): Promise<void> {
  const fields = plainFields(reader).filter(({ type }) => ORDERED_TYPES.has(type));
  if (fields.length === 0 || (await readExtremesOf(reader, fields)) === null) return;
  for (const field of fields) {
    const error = await readExtremesOf(reader, [field]);
    if (error !== null) reader.failures.push({ field, read: { kind: 'extremes' }, error });
  }
}

/** @returns what was thrown, or null */
async function readExtremesOf(
  reader: Reader,
  fields: readonly ClientField[],
): Promise<Error | null> {
  const select = Object.fromEntries(fields.map(({ name }) => [name, true]));
  const extremes = await attempt(reader, async () =>
    reader.model.delegate.aggregate({ _min: select, _max: select }),
  );
  if (extremes.error !== undefined) return extremes.error;
  for (const [part, kind] of [
    ['_min', 'smallest'],
    ['_max', 'largest'],
  ] as const) {
    for (const field of invalidDates(reader.model, extremes.value[part] ?? {})) {
      reader.failures.push({ field, read: { kind } });
    }
  }
  return null;
}

async function readLabels(reader: Reader): Promise<void> {
  for (const field of plainFields(reader).filter(({ kind }) => kind === 'enum')) {
    const { error } = await attempt(reader, async () =>
      reader.model.delegate.groupBy({ by: [field.name] }),
    );
    if (error !== undefined) reader.failures.push({ field, read: { kind: 'each-label' }, error });
  }
}

/** The fields whose columns are there and hold one value each. */
function plainFields({ model, table }: Reader): ClientField[] {
  const columns = new Map<string, TargetColumn>(
    (table?.columns ?? []).map((column) => [column.name, column]),
  );
  return model.fields.filter(({ column }) => {
    const kind = columns.get(column)?.type.kind;
    return kind === 'base' || kind === 'enum';
  });
}
