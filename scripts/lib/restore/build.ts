import Database from 'better-sqlite3';

import {
  dataTables,
  phaseTables,
  type Manifest,
  type ManifestTable,
} from '../artifact/manifest.ts';
import { malformedManifest } from '../artifact/parse-manifest.ts';
import { SCHEMA_FILE } from '../artifact/paths.ts';
import type { Artifact } from '../artifact/reader.ts';
import { ToolkitError } from '../model/errors.ts';
import type { FindingCollector } from '../model/findings.ts';
import type { CommandContext } from '../model/progress.ts';
import { quoteIdentifier } from '../model/sql.ts';
import { RESTORE_FINDINGS } from './findings.ts';
import { RowRefused, insertRows, isRefusal } from './insert.ts';
import { storedColumns, whileLoose } from './loose-table.ts';
import { createObject, isVirtual, type SchemaJob } from './schema-objects.ts';
import type { Statement } from './statements.ts';
import { fillVirtualTable } from './virtual-tables.ts';

export interface BuildJob {
  readonly artifact: Artifact;
  readonly statements: readonly Statement[];
  /** The file to make; nothing is there yet. */
  readonly path: string;
  /** Tables whose definitions would change a value that they hold; these are filled without them. */
  readonly loose: ReadonlySet<string>;
  readonly findings: FindingCollector;
  readonly context: CommandContext;
}

interface FillTime {
  /** UTC */
  readonly startedAt: string;
  readonly elapsedMs: number;
}

/** What a build made. */
export interface Built {
  /** Statements whose objects the database does not have; the findings say why. */
  readonly leftOut: ReadonlySet<Statement>;
  /** When each table began to be filled and how long that took, by name. */
  readonly times: ReadonlyMap<string, FillTime>;
}

/**
 * Builds a SQLite database from an artifact, in one transaction: tables, rows, AUTOINCREMENT marks,
 * indexes, views, triggers. Its file is not synced to disk, and its journal mode is not set yet.
 *
 * @throws ToolkitError of kind `artifact` when `schema.sql` is not the schema of the tables, of kind
 * `target` when a row cannot be stored
 */
export async function buildDatabase(job: BuildJob): Promise<Built> {
  const db = new Database(job.path);
  try {
    prepareFile(db, job.artifact.manifest);
    db.exec('BEGIN');
    const built = await fillDatabase(db, job);
    db.exec('COMMIT');
    return built;
  } finally {
    db.close();
  }
}

function prepareFile(db: Database.Database, { source }: Manifest): void {
  db.defaultSafeIntegers(true);
  db.pragma(`encoding = '${source.encoding}'`);
  db.pragma(`page_size = ${source.pageSizeBytes}`);
  db.pragma(`user_version = ${source.userVersion}`);
  db.pragma(`application_id = ${source.applicationId}`);
  // A file that is not complete is thrown away, so that nothing has to be recovered from a journal.
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  // What the source held is restored, also where it broke these rules.
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  db.pragma('trusted_schema = OFF');
}

async function fillDatabase(db: Database.Database, job: BuildJob): Promise<Built> {
  const { artifact, statements, findings, context } = job;
  const tables = new Map(dataTables(artifact.manifest).map((table) => [table.name, table]));
  const schema: SchemaJob = { db, findings, tables, leftOut: new Set() };
  const byType = (type: Statement['type']): Statement[] =>
    statements.filter((statement) => statement.type === type);
  const definitions = new Map(byType('table').map(({ name, sql }) => [name, sql]));
  for (const statement of byType('table')) createObject(schema, statement);
  reportLeftOut(job, definitions);
  const times = new Map<string, FillTime>();
  if (findings.hasBlocking) return { leftOut: schema.leftOut, times };
  context.progress.plan?.('restore', phaseTables([...tables.values()]));
  for (const table of tables.values()) {
    const startedAt = new Date().toISOString();
    const start = performance.now();
    await fillTable(db, job, table, definitions.get(table.name));
    times.set(table.name, { startedAt, elapsedMs: Math.round(performance.now() - start) });
  }
  setAutoincrementMarks(db, artifact.manifest);
  for (const statement of [...byType('index'), ...byType('view'), ...byType('trigger')]) {
    // A turn of the event loop, so that Ctrl-C is heard between indexes.
    await new Promise(setImmediate);
    context.signal.throwIfAborted();
    createObject(schema, statement);
  }
  for (const statement of byType('table').filter(isVirtual)) {
    if (!schema.leftOut.has(statement)) fillVirtualTable(db, statement, findings);
  }
  return { leftOut: schema.leftOut, times };
}

function reportLeftOut(
  { artifact, findings }: BuildJob,
  definitions: ReadonlyMap<string, string>,
): void {
  for (const { name, kind } of artifact.manifest.notCarried) {
    const isEmpty =
      kind === 'excluded' ||
      (kind === 'migration-history' && artifact.manifest.migrationHistory === undefined);
    if (isEmpty && definitions.has(name))
      findings.add(RESTORE_FINDINGS.tableLeftOut, { detail: name });
  }
}

async function fillTable(
  db: Database.Database,
  job: BuildJob,
  table: ManifestTable,
  sql: string | undefined,
): Promise<void> {
  if (sql === undefined)
    throw malformedManifest(`schema.sql does not make the table ${table.name}`, SCHEMA_FILE);
  const { artifact, context } = job;
  const insert = async (columns: ManifestTable['columns']): Promise<void> =>
    insertRows({ db, artifact, table, columns, context });
  try {
    if (!job.loose.has(table.name)) {
      const declared = table.columns.filter((column) => column.generated === null);
      if (await isAccepted(insert(declared))) return;
      db.exec(`DELETE FROM main.${quoteIdentifier(table.name)}`);
    }
    await whileLoose(db, table, sql, async () => insert(storedColumns(table)));
  } catch (error) {
    throw error instanceof RowRefused || isRefusal(error) ? rowNotRestored(table, error) : error;
  }
}

async function isAccepted(inserting: Promise<void>): Promise<boolean> {
  try {
    await inserting;
    return true;
  } catch (error) {
    if (error instanceof RowRefused) return false;
    throw error;
  }
}

function rowNotRestored(table: ManifestTable, refused: Error): ToolkitError {
  const place = refused instanceof RowRefused ? refused.place : undefined;
  return new ToolkitError({
    kind: 'target',
    code: 'row-not-restored',
    message: `SQLite does not take the rows of the artifact: ${refused.message}`,
    where: { table: table.name, file: table.file, ...place },
    hint:
      place === undefined
        ? 'the table needs something that only the application has: run schema.sql with its SQLite, and load the data file there'
        : 'the source must have been damaged when it was exported; verify says more',
    cause: refused,
  });
}

/** AUTOINCREMENT's high-water marks, also those of tables that are empty now. Source: https://www.sqlite.org/autoinc.html */
function setAutoincrementMarks(db: Database.Database, manifest: Manifest): void {
  const marked = dataTables(manifest).filter((table) => table.autoincrementMark !== null);
  const exists = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'`).get();
  if (exists === undefined && marked.length === 0) return;
  // SQLite alone can make its own table; a mark may stay when no table has AUTOINCREMENT any more.
  if (exists === undefined)
    db.exec(
      'CREATE TABLE "for sqlite_sequence" (id INTEGER PRIMARY KEY AUTOINCREMENT); DROP TABLE "for sqlite_sequence"',
    );
  // What SQLite noted while the rows went in is the highest rowid of now, and not of ever.
  db.exec('DELETE FROM sqlite_sequence');
  const insert = db.prepare('INSERT INTO sqlite_sequence (rowid, name, seq) VALUES (?, ?, ?)');
  for (const { name, autoincrementMark, autoincrementRowid } of marked) {
    insert.run(toInteger(autoincrementRowid), name, toInteger(autoincrementMark));
  }
}

function toInteger(text: string | null | undefined): bigint | null {
  return text === null || text === undefined ? null : BigInt(text);
}
