import type { SourceTable, UniqueKey } from '../model/source-catalog.ts';
import type { SourceIndex } from '../source/schema-objects.ts';
import type { Decisions } from './decisions.ts';
import { censusOf, columnId, type DraftSource } from './input.ts';
import type { ConstraintName, DraftedColumn, DraftedIndex, DraftedKey } from './model.ts';
import { MAX_NAME_BYTES, freeName, shortName } from './names/database-names.ts';

/** What the keys of a table are drafted from. */
export interface KeyWork {
  readonly source: DraftSource;
  readonly table: SourceTable;
  readonly databaseName: string;
  readonly columns: readonly DraftedColumn[];
  /** Names that PostgreSQL's schema has given out; new ones are added. */
  readonly used: Set<string>;
  /** Keys that rows would break in PostgreSQL, by {@link columnId}, and what was found. */
  readonly broken: ReadonlyMap<string, string>;
  readonly decisions: Decisions;
}

export interface TableKeys {
  readonly primaryKey: DraftedKey | null;
  readonly uniqueKeys: readonly DraftedKey[];
  readonly indexes: readonly DraftedIndex[];
}

/** Drafts the primary key, the unique keys and the plain indexes of a table. */
export function draftKeys(work: KeyWork): TableKeys {
  const { table, source } = work;
  const primaryKey = draftPrimaryKey(work);
  const taken = new Set(primaryKey === null ? [] : [idOf(primaryKey.columns)]);
  const uniques = [
    ...(primaryKey === null && table.primaryKey.length > 0 ? [table.primaryKey] : []),
    ...table.uniqueKeys.filter(({ origin }) => origin !== 'primary-key').map(namesOf),
  ];
  const uniqueKeys = uniques.flatMap((columns) => {
    if (taken.has(idOf(columns)) || !mayBeKey(work, columns, 'unique key')) return [];
    taken.add(idOf(columns));
    return [{ columns, constraint: constraintName(work, columns, 'key') }];
  });
  const indexes = plainIndexes(source.objects.indexes.get(table.name) ?? []).flatMap((index) => {
    const parts = withoutRepeats(index.parts, ({ column }) => column);
    const columns = parts.map(({ column }) => column ?? '');
    const isDescending = parts.map((part) => part.isDescending);
    const id = idOf(columns) + String(isDescending.includes(true) ? isDescending : '');
    if (taken.has(id) || !mayBeKey(work, columns, 'index')) return [];
    taken.add(id);
    return [{ columns, isDescending, constraint: constraintName(work, columns, 'idx') }];
  });
  return { primaryKey, uniqueKeys, indexes };
}

/** Indexes that Prisma's language can say and that are not unique. */
function plainIndexes(indexes: readonly SourceIndex[]): readonly SourceIndex[] {
  return indexes.filter(
    ({ isUnique, isPartial, parts }) =>
      !isUnique && !isPartial && parts.every(({ column }) => column !== null),
  );
}

function namesOf({ columns }: UniqueKey): string[] {
  return withoutRepeats(
    columns.map(({ name }) => name),
    (name) => name,
  );
}

/** SQLite lets a column stand in an index twice, where the second time says nothing. */
function withoutRepeats<T>(items: readonly T[], idOfItem: (item: T) => unknown): T[] {
  const known = new Set<unknown>();
  return items.filter((item) => {
    const id = idOfItem(item);
    const isNew = !known.has(id);
    known.add(id);
    return isNew;
  });
}

function idOf(columns: readonly string[]): string {
  return JSON.stringify(columns);
}

function draftPrimaryKey(work: KeyWork): DraftedKey | null {
  const { table, source, decisions, databaseName } = work;
  const columns = table.primaryKey;
  if (columns.length === 0 || !mayBeKey(work, columns, 'primary key')) return null;
  const nulls = columns.filter((name) => censusOf(source, table.name, name).nulls > 0);
  if (nulls.length > 0) {
    decisions.add('kept-differently', table.name, columns, {
      text: `the primary key is drafted as a unique key: ${nulls.join(', ')} holds NULL, which SQLite lets stand in a key and PostgreSQL does not`,
    });
    return null;
  }
  return { columns, constraint: named(work, `${databaseName}_pkey`, '_pkey', databaseName) };
}

/** An entry of a B-tree has at most 2,704 bytes; texts of this length in all are well below. Source: https://www.postgresql.org/docs/current/btree.html */
const MAX_KEY_BYTES = 2000;
/** Source: INDEX_MAX_KEYS in https://www.postgresql.org/docs/current/runtime-config-preset.html */
const MAX_KEY_COLUMNS = 32;

/** Whether PostgreSQL can hold such a key over the rows that there are. */
function mayBeKey(work: KeyWork, columns: readonly string[], what: string): boolean {
  const { source, table, decisions, broken, columns: drafted } = work;
  const refused = (text: string): false => {
    decisions.add('not-kept', table.name, columns, { text: `the ${what} is left out: ${text}` });
    return false;
  };
  const reason = what === 'index' ? undefined : broken.get(columnId(table.name, ...columns));
  if (reason !== undefined) return refused(reason);
  if (columns.length > MAX_KEY_COLUMNS) {
    return refused(`PostgreSQL takes at most ${MAX_KEY_COLUMNS} columns`);
  }
  const bytes = columns.reduce((sum, name) => {
    const { texts, blobs } = censusOf(source, table.name, name);
    return sum + Math.max(texts?.longestBytes ?? 0, blobs?.longestBytes ?? 0);
  }, 0);
  if (bytes > MAX_KEY_BYTES) {
    return refused(
      `its values have up to ${bytes.toLocaleString('en-US')} bytes, and an index of PostgreSQL takes about 2,700`,
    );
  }
  const computed = drafted.filter(
    ({ source: column, generatedSql }) => generatedSql !== null && columns.includes(column.name),
  );
  return computed.length === 0 || refused('PostgreSQL computes one of its columns');
}

/** The name that Prisma would give, or one that nothing else has. */
export function constraintName(
  work: Pick<KeyWork, 'databaseName' | 'used' | 'columns'>,
  columns: readonly string[],
  ending: 'key' | 'idx' | 'fkey' | 'check',
): ConstraintName {
  const names = columns.map(
    (name) => work.columns.find(({ source }) => source.name === name)?.databaseName ?? name,
  );
  const stem = [work.databaseName, ...names].join('_');
  return named(work, `${stem}_${ending}`, `_${ending}`, stem);
}

function named(
  { used }: Pick<KeyWork, 'used'>,
  wanted: string,
  ending: string,
  stem: string,
): ConstraintName {
  const isWhole = Buffer.byteLength(wanted) <= MAX_NAME_BYTES;
  const short = isWhole ? wanted : shortName(stem, ending);
  const name = used.has(short) ? freeName(short, used) : short;
  used.add(name);
  return { name, isDefault: name === wanted };
}
