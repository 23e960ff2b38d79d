import BetterSqlite3, { type Database } from 'better-sqlite3';
import { createRandom, type Random } from '../../scripts/lib/model/random.ts';
import { quoteIdentifier, quoteLiteral } from '../../scripts/lib/model/sql.ts';

/** A column of a made-up table and how its values are drawn. */
interface MadeColumn {
  readonly name: string;
  readonly type: string;
  readonly draw: () => SqlValue;
}

type SqlValue = string | number | bigint | Buffer | null;

interface MadeTable {
  readonly name: string;
  readonly columns: readonly MadeColumn[];
  /** Columns that other tables may refer to together. */
  readonly key: readonly MadeColumn[];
  readonly references: readonly MadeReference[];
  readonly sql: string;
}

interface MadeReference {
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

const LONG = 'a name that has many more bytes than PostgreSQL takes of one, which are sixty-three';
const NAMES: readonly [string, ...string[]] = [
  'orders',
  'Order Details',
  'user',
  'select',
  'table',
  'Straße',
  '顧客',
  'say "hello"',
  "it's",
  'back\\slash',
  '100%',
  'PrismaClient',
  'Date',
  'String',
  LONG,
  `${LONG} and another`,
  'people',
  'user_accounts',
  'UserAccounts',
];
const COLUMN_NAMES: readonly [string, ...string[]] = [
  ...NAMES,
  'name',
  'user_id',
  'userId',
  'User Id',
  'xmin',
  'ctid',
  'is_active',
  'created_at',
  'updated_at',
  '',
  'order',
  'group',
  '_private',
  '1st',
];

const ROWS = 12;

/**
 * Writes a SQLite file of tables with odd names, keys of several columns, references, CHECKs, indexes
 * and generated columns, and rows that all of these let in.
 *
 * @param seed the same one makes the same database
 */
export function makeSoundDatabase(file: string, seed: number): string {
  const random = createRandom(seed);
  const db = new BetterSqlite3(file);
  try {
    db.pragma('synchronous = OFF');
    db.pragma('foreign_keys = ON');
    const tables: MadeTable[] = [];
    const names = distinct(random, NAMES, random.integer(2, 5));
    for (const name of names) {
      const table = makeTable(random, name, tables);
      if (!tryTo(() => db.exec(table.sql))) continue;
      fill(db, random, table);
      for (const index of indexesOf(random, table)) tryTo(() => db.exec(index));
      tables.push(table);
    }
  } finally {
    db.close();
  }
  return file;
}

/** SQLite's names know no case, as far as ASCII goes. */
function distinct(random: Random, names: readonly [string, ...string[]], count: number): string[] {
  const chosen = new Map<string, string>();
  while (chosen.size < count) {
    const name = random.pick(names);
    chosen.set(name.toLowerCase(), chosen.get(name.toLowerCase()) ?? name);
  }
  return [...chosen.values()];
}

const WORDS: readonly [string, ...string[]] = ['a', 'B', 'b', 'ä', 'c c', 'D', '', 'x'.repeat(20)];

/** Types with values that an application would put there, and now and then one that it would not. */
function anyKind(random: Random): Omit<MadeColumn, 'name'> {
  const text = (): SqlValue => random.pick(WORDS) + String(random.integer(0, 30));
  const kinds: readonly [Omit<MadeColumn, 'name'>, ...Omit<MadeColumn, 'name'>[]] = [
    { type: 'INTEGER', draw: () => random.integer(-5, 50) },
    { type: 'BIGINT', draw: () => BigInt(random.integer(0, 9)) * 10n ** 17n },
    { type: 'BOOLEAN', draw: () => random.integer(0, 1) },
    { type: 'TINYINT(1)', draw: () => random.integer(0, 1) },
    { type: 'TEXT', draw: text },
    { type: 'TEXT COLLATE NOCASE', draw: text },
    { type: 'VARCHAR(8)', draw: text },
    { type: 'REAL', draw: () => random.integer(-99, 99) / 7 },
    { type: 'DECIMAL(8,2)', draw: () => random.integer(-999, 999) / 100 },
    {
      type: 'DATETIME',
      draw: () => `2024-0${random.integer(1, 9)}-11 10:00:0${random.integer(0, 9)}`,
    },
    { type: 'DATE', draw: () => `2024-0${random.integer(1, 9)}-1${random.integer(0, 9)}` },
    { type: 'INTEGER', draw: () => 1_700_000_000 + random.integer(0, 1_000_000) },
    { type: 'JSON', draw: () => JSON.stringify({ a: random.integer(0, 9) }) },
    { type: 'BLOB', draw: () => random.bytes(random.integer(0, 5)) },
    {
      type: 'UUID',
      draw: () =>
        `0123456${random.integer(0, 9)}-0000-4000-8000-00000000000${random.integer(0, 9)}`,
    },
    { type: '', draw: () => random.pick([random.integer(0, 5), text(), 0.5, random.bytes(2)]) },
  ];
  const kind = random.pick(kinds);
  const isOdd = random.chance(0.1);
  return {
    type: kind.type,
    draw: () => (random.chance(0.15) ? null : isOdd && random.chance(0.2) ? text() : kind.draw()),
  };
}

function makeTable(random: Random, name: string, parents: readonly MadeTable[]): MadeTable {
  const names = distinct(random, COLUMN_NAMES, random.integer(3, 8));
  const columns = names.map((column) => ({ name: column, ...anyKind(random) }));
  const references: MadeReference[] = [];
  const parent =
    parents.length === 0 || random.chance(0.2) ? null : random.pick(parents as [MadeTable]);
  if (parent !== null && parent.key.length > 0 && parent.key.length < columns.length - 1) {
    const own = columns.slice(-parent.key.length);
    for (const [index, column] of own.entries()) {
      const type = parent.key[index]?.type.replace(' PRIMARY KEY', '') ?? '';
      columns[columns.indexOf(column)] = { ...column, type };
    }
    references.push({
      columns: own.map((column) => column.name),
      parent: parent.name,
      parentColumns: parent.key.map((column) => column.name),
    });
  }
  const form = random.pick([
    'rowid',
    'autoincrement',
    'columns',
    'without rowid',
    'none',
    'unique',
  ]);
  const keySize =
    form === 'none' ? 0 : ['rowid', 'autoincrement'].includes(form) ? 1 : random.integer(1, 2);
  const [first] = columns;
  if (first !== undefined && ['rowid', 'autoincrement'].includes(form)) {
    let next = 0;
    columns[0] = { name: first.name, type: 'INTEGER', draw: () => (next += random.integer(1, 3)) };
  }
  const key = columns.slice(0, keySize);
  return {
    name,
    columns,
    key,
    references,
    sql: tableSql(random, name, columns, key, form, references),
  };
}

function tableSql(
  random: Random,
  name: string,
  columns: readonly MadeColumn[],
  key: readonly MadeColumn[],
  form: string,
  references: readonly MadeReference[],
): string {
  const isRowid = ['rowid', 'autoincrement'].includes(form);
  const mark = form === 'autoincrement' ? ' AUTOINCREMENT' : '';
  const keyNames = list(key.map((column) => column.name));
  const action = random.pick(['', ' ON DELETE CASCADE', ' ON DELETE SET NULL ON UPDATE CASCADE']);
  const deferred = random.pick(['', ' DEFERRABLE INITIALLY DEFERRED']);
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  const generated = random.chance(0.5) && !taken.has('made') ? [madeColumn(random, columns)] : [];
  const parts = [
    ...columns.map((column, index) => {
      const isKey = isRowid && index === 0;
      const notNull = random.chance(0.2) ? ' NOT NULL' : '';
      return `${quoteIdentifier(column.name)} ${column.type}${isKey ? ` PRIMARY KEY${mark}` : notNull}${isKey ? '' : defaultOf(random, column)}`;
    }),
    ...generated,
    ...columns.flatMap((column) => (random.chance(0.25) ? [checkOf(random, column)] : [])),
    ...(isRowid || keyNames === ''
      ? []
      : [`${form === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'} (${keyNames})`]),
    ...references.map(
      (reference) =>
        `FOREIGN KEY (${list(reference.columns)}) REFERENCES ${quoteIdentifier(reference.parent)} (${list(reference.parentColumns)})${action}${deferred}`,
    ),
  ];
  const end = form === 'without rowid' ? ' WITHOUT ROWID' : '';
  return `CREATE TABLE ${quoteIdentifier(name)} (${parts.join(', ')})${end}`;
}

function madeColumn(random: Random, columns: readonly MadeColumn[]): string {
  const column = random.pick(columns as [MadeColumn]);
  const name = quoteIdentifier(column.name);
  const expression = random.pick([
    `${name} || '!'`,
    `${name} + 1`,
    `lower(${name})`,
    `hex(${name})`,
  ]);
  const type = random.pick(['TEXT', 'INTEGER', 'REAL']);
  return `made ${type} AS (${expression}) ${random.pick(['VIRTUAL', 'STORED'])}`;
}

function defaultOf(random: Random, { type }: MadeColumn): string {
  if (random.chance(0.6)) return '';
  const any = ['NULL', '0', "'x'", 'CURRENT_TIMESTAMP', '(1 + 1)', '-1.5', "''", '"word"'] as const;
  return type === '' ? '' : ` DEFAULT ${random.pick(any)}`;
}

function checkOf(random: Random, column: MadeColumn): string {
  const name = quoteIdentifier(column.name);
  const words = WORDS.flatMap((word) =>
    Array.from({ length: 31 }, (_, number) => word + String(number)),
  );
  const condition = random.pick([
    `${name} >= -100`,
    `${name} BETWEEN -5 AND 50 OR ${name} IS NULL`,
    `length(${name}) < 30`,
    `${name} IN (${words.map(quoteLiteral).join(', ')})`,
    `${name} IN ('a1', 'B2', 'b3')`,
    `${name} IN (0, 1)`,
    `typeof(${name}) IN ('text', 'null')`,
    `${name} IS NULL OR ${name} <> 'never'`,
    `NOT (${name} = 'never' AND ${name} > 'x')`,
    `${name} < 'zzz'`,
    `json_valid(${name}) OR ${name} IS NULL`,
  ]);
  return `CHECK (${condition})`;
}

function indexesOf(random: Random, { name, columns }: MadeTable): string[] {
  const table = quoteIdentifier(name);
  return Array.from({ length: random.integer(0, 3) }, (_, number) => {
    const one = quoteIdentifier(random.pick(columns as [MadeColumn]).name);
    const other = quoteIdentifier(random.pick(columns as [MadeColumn]).name);
    const parts = random.pick([
      one,
      `${one} DESC, ${other}`,
      `lower(${one})`,
      `${one} COLLATE NOCASE`,
    ]);
    const where = random.pick(['', '', ` WHERE ${other} IS NOT NULL`, ` WHERE ${other} > 1`]);
    const unique = random.pick(['', '', 'UNIQUE ']);
    return `CREATE ${unique}INDEX ${quoteIdentifier(`${name} index ${number}`)} ON ${table} (${parts})${where}`;
  });
}

function fill(db: Database, random: Random, table: MadeTable): void {
  const names = table.columns.map((column) => quoteIdentifier(column.name)).join(', ');
  const places = table.columns.map(() => '?').join(', ');
  const insert = db.prepare(
    `INSERT INTO ${quoteIdentifier(table.name)} (${names}) VALUES (${places})`,
  );
  const known = table.references.map((reference) => parentRows(db, reference));
  for (let row = 0; row < ROWS; row++) {
    const values = new Map(table.columns.map((column) => [column.name, column.draw()]));
    for (const [index, { columns }] of table.references.entries()) {
      const parents = known[index] ?? [];
      const parent = parents.length === 0 ? [] : random.pick(parents as [SqlValue[]]);
      for (const [place, column] of columns.entries()) values.set(column, parent[place] ?? null);
    }
    tryTo(() => insert.run(...values.values()));
  }
}

function parentRows(db: Database, { parent, parentColumns }: MadeReference): SqlValue[][] {
  const names = parentColumns.map(quoteIdentifier).join(', ');
  const rows = db.prepare<[], SqlValue[]>(`SELECT ${names} FROM ${quoteIdentifier(parent)}`);
  return rows.raw().safeIntegers().all();
}

function list(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** What SQLite does not take is left out. */
function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError)) throw error;
    return false;
  }
}
