import type Database from 'better-sqlite3';

import type { TablePlan } from '../mapping/plan.ts';
import type { LostReference } from '../mapping/references.ts';
import { SILENT_LISTENER, rowConverter } from '../mapping/row.ts';
import type { PlannedTable } from '../mapping/source-shape.ts';
import type { Row } from '../model/values.ts';
import {
  KeyStatement,
  bindable,
  columnIndexes,
  columnRule,
  keyDefinitions,
  pick,
  type ParentKeySet,
} from './key-set.ts';

type Plan = TablePlan<PlannedTable>;

/** A key of a parent table, and which of its values are there and which are left out. */
export interface WatchedKey {
  readonly parent: Plan;
  readonly columns: readonly string[];
  /** Of the rows that the mapping leaves out. */
  readonly lost: ParentKeySet;
  /** Of every row of the source; null where no policy answers a parent that does not exist. */
  present: ParentKeySet | null;
}

/** A foreign key of the source whose references may lead to a row that is not loaded. */
export interface WatchedReference {
  readonly child: Plan;
  readonly indexes: readonly number[];
  /** What all references of this foreign key have in common. */
  readonly common: Pick<LostReference, 'columns' | 'parentTable' | 'answer'>;
  /** Null where the source has no such table. */
  readonly key: WatchedKey | null;
}

/** Reads the rows of a table of the source, some at a time. */
export type RowReader = (table: string) => AsyncIterable<Iterable<Row>> | Iterable<Iterable<Row>>;

/**
 * Finds the rows that are left out of tables that refer to themselves or to each other. In which
 * order the rows come does not matter: each row is a number, rows and their parents are joined in a
 * temporary database, and from the rows that are left out for what they hold the loss spreads to
 * those that refer to them.
 */
export class LostAhead {
  /** The tables to be read ahead; what they refer to is among them. */
  readonly tables: ReadonlySet<Plan>;
  readonly #references: readonly WatchedReference[];
  readonly #keys: readonly WatchedKey[];
  #rows = 0;

  constructor(
    plans: readonly Plan[],
    references: readonly WatchedReference[],
    keys: readonly WatchedKey[],
  ) {
    this.tables = tablesToReadAhead(plans, references);
    this.#references = references.filter(({ child }) => this.tables.has(child));
    this.#keys = keys.filter(({ parent }) => this.tables.has(parent));
  }

  /** Reads the tables and fills the keys that rows of theirs have. */
  async read(readRows: RowReader, db: Database.Database): Promise<void> {
    db.exec(`CREATE TABLE gone (row INTEGER PRIMARY KEY);
             CREATE TABLE edges (parent INTEGER, child INTEGER, PRIMARY KEY (parent, child)) WITHOUT ROWID`);
    for (const [index, key] of this.#keys.entries()) createKeys(db, index, key);
    for (const index of this.#references.keys()) createReferences(db, index, this.#references);
    for (const plan of this.tables) await this.#readTable(plan, readRows, db);
    this.#spread(db);
    for (const [index, key] of this.#keys.entries()) fillKey(db, index, key);
    const tables = [
      ...this.#keys.map((_, index) => `keys_${index}`),
      ...this.#references.map((_, index) => `references_${index}`),
    ];
    db.exec([...tables, 'gone', 'edges'].map((table) => `DROP TABLE ${table};`).join(' '));
  }

  async #readTable(plan: Plan, readRows: RowReader, db: Database.Database): Promise<void> {
    const convert = rowConverter(plan, SILENT_LISTENER);
    const gone = db.prepare<[number]>('INSERT INTO gone VALUES (?)');
    const writers = [
      ...this.#keys.flatMap(({ parent, columns }, index) =>
        parent === plan
          ? [rowWriter(db, `keys_${index}`, columnIndexes(plan.source, columns))]
          : [],
      ),
      ...this.#references.flatMap(({ child, indexes }, index) =>
        child === plan ? [rowWriter(db, `references_${index}`, indexes)] : [],
      ),
    ];
    for await (const rows of readRows(plan.source.name)) {
      for (const row of rows) {
        this.#rows += 1;
        for (const write of writers) write(this.#rows, row);
        if (convert(row) === null) gone.run(this.#rows);
      }
    }
  }

  /** Rows that refer to a row that is left out, or that does not exist, may be left out themselves. */
  #spread(db: Database.Database): void {
    for (const [index, { key, common }] of this.#references.entries()) {
      if (common.answer.kind !== 'skip_row') continue;
      if (key === null) {
        db.exec(`INSERT OR IGNORE INTO gone SELECT row FROM references_${index}`);
        continue;
      }
      const keys = `keys_${this.#keys.indexOf(key)}`;
      // The plus takes the referring column's own affinity away, so that the parent's alone applies.
      const equal = key.columns.map((_, at) => `k.c${at} = +r.c${at}`).join(' AND ');
      db.exec(`INSERT OR IGNORE INTO gone SELECT r.row FROM references_${index} AS r
                WHERE NOT EXISTS (SELECT 1 FROM ${keys} AS k WHERE ${equal});
               INSERT OR IGNORE INTO edges SELECT k.row, r.row
                 FROM references_${index} AS r JOIN ${keys} AS k ON ${equal}`);
    }
    db.exec(`INSERT OR IGNORE INTO gone
             WITH RECURSIVE spread (row) AS (
               SELECT row FROM gone
               UNION SELECT e.child FROM spread AS s JOIN edges AS e ON e.parent = s.row
             ) SELECT row FROM spread`);
  }
}

/** Tables to which rows refer that are judged before them, and all that those refer to. */
function tablesToReadAhead(
  plans: readonly Plan[],
  references: readonly WatchedReference[],
): Set<Plan> {
  const placeOf = new Map(plans.map((plan, index) => [plan, index]));
  const needed = new Set(
    references.flatMap(({ child, key }) =>
      key !== null && (placeOf.get(key.parent) ?? 0) >= (placeOf.get(child) ?? 0)
        ? [key.parent]
        : [],
    ),
  );
  for (const plan of needed) {
    for (const { child, key } of references)
      if (child === plan && key !== null) needed.add(key.parent);
  }
  return needed;
}

function createKeys(db: Database.Database, index: number, { parent, columns }: WatchedKey): void {
  const definitions = keyDefinitions(columns.map((name) => columnRule(parent.source, name)));
  const names = columns.map((_, at) => `c${at}`);
  db.exec(`CREATE TABLE keys_${index} (row INTEGER, ${definitions.join(', ')});
           CREATE INDEX keys_${index}_by_key ON keys_${index} (${names.join(', ')})`);
}

function createReferences(
  db: Database.Database,
  index: number,
  references: readonly WatchedReference[],
): void {
  const names = references[index]?.indexes.map((_, at) => `c${at}`) ?? [];
  db.exec(`CREATE TABLE references_${index} (row INTEGER, ${names.join(', ')})`);
}

function rowWriter(
  db: Database.Database,
  table: string,
  indexes: readonly number[],
): (number: number, row: Row) => void {
  const insert = new KeyStatement(
    db,
    (places) => `INSERT INTO ${table} VALUES (?, ${places.join(', ')})`,
  );
  return (number, row) => {
    const values = pick(row, indexes);
    // With a NULL in it, a key can be referred to by nothing and refers to nothing.
    if (!values.includes(null)) insert.for(values).run(number, ...values.map(bindable));
  };
}

function fillKey(
  db: Database.Database,
  index: number,
  { columns, lost, present }: WatchedKey,
): void {
  const names = columns.map((_, at) => `c${at}`).join(', ');
  db.exec(`INSERT OR IGNORE INTO ${lost.table}
           SELECT ${names} FROM keys_${index} WHERE row IN (SELECT row FROM gone)`);
  if (present !== null) {
    db.exec(`INSERT OR IGNORE INTO ${present.table} SELECT ${names} FROM keys_${index}`);
  }
}
