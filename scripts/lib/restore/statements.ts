import { createHash } from 'node:crypto';

import Database from 'better-sqlite3';

import type { SchemaStatement } from '../artifact/manifest.ts';
import { malformedManifest } from '../artifact/parse-manifest.ts';
import { MANIFEST_FILE, SCHEMA_FILE } from '../artifact/paths.ts';
import { readWhole } from '../artifact/read-file.ts';
import { artifactPath, type Artifact } from '../artifact/reader.ts';
import { requireSame } from '../artifact/unchanged.ts';
import type { SchemaObjectType } from '../source/schema-sql.ts';

/** One statement of `schema.sql`. */
export interface Statement {
  readonly type: SchemaObjectType;
  readonly name: string;
  /** The table or view that it belongs to; null when the artifact does not say. */
  readonly table: string | null;
  readonly sql: string;
}

/** How SQLite writes the head of every statement that it keeps, and the name that follows it. */
const HEAD =
  /^CREATE (?:UNIQUE )?(?:VIRTUAL )?(TABLE|INDEX|VIEW|TRIGGER) (?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|`((?:[^`]|``)*)`|\[([^\]]*)\]|([^\s("'`[]+))/i;
const TYPES: Readonly<Record<string, SchemaObjectType>> = {
  TABLE: 'table',
  INDEX: 'index',
  VIEW: 'view',
  TRIGGER: 'trigger',
};
const BETWEEN = /;\n\n(?=CREATE (?:TABLE|VIRTUAL TABLE|INDEX|UNIQUE INDEX|VIEW|TRIGGER) )/i;

/**
 * The statements of `schema.sql`, in its order.
 *
 * @throws ToolkitError of kind `artifact` when the file is not the one that was checked, or the
 * manifest places a statement where there is none
 */
export async function readStatements(artifact: Artifact): Promise<Statement[]> {
  const bytes = await readWhole(artifactPath(artifact, SCHEMA_FILE), SCHEMA_FILE);
  const { sha256, statements: placed } = artifact.manifest.schema;
  requireSame(createHash('sha256').update(bytes).digest('hex'), sha256, SCHEMA_FILE);
  return placed === undefined
    ? splitStatements(bytes.toString('utf8'))
    : takeStatements(bytes, placed);
}

function takeStatements(bytes: Buffer, placed: readonly SchemaStatement[]): Statement[] {
  return placed.map(({ offset, sizeBytes, ...object }) => {
    const sql = bytes.toString('utf8', offset, offset + sizeBytes);
    // Nothing but what SQLite keeps in a schema is ever run.
    if (offset + sizeBytes > bytes.length || !/^CREATE\s/i.test(sql)) {
      const reason = `schema.sql has no statement where ${object.type} ${object.name} should be`;
      throw malformedManifest(reason, MANIFEST_FILE);
    }
    return { ...object, sql };
  });
}

/**
 * Splits the file of an artifact that does not say where its statements stand. A semicolon, an empty
 * line and `CREATE` may also stand inside a string or a comment: SQLite then says that what comes
 * before is incomplete, and the next part is joined to it.
 */
export function splitStatements(text: string): Statement[] {
  const scratch = new Database(':memory:');
  try {
    const statements: Statement[] = [];
    let sql = '';
    for (const part of text.replace(/;\n$/, '').split(BETWEEN)) {
      sql = sql === '' ? part : `${sql};\n\n${part}`;
      if (sql === '') continue;
      const statement = toStatement(sql);
      if (!isWhole(scratch, sql)) continue;
      statements.push(statement);
      sql = '';
    }
    if (sql !== '') throw malformedManifest('schema.sql ends within a statement', SCHEMA_FILE);
    return statements;
  } finally {
    scratch.close();
  }
}

function isWhole(scratch: Database.Database, sql: string): boolean {
  try {
    scratch.prepare(sql).run();
    return true;
  } catch (error) {
    if (!(error instanceof Database.SqliteError))
      throw malformedManifest('schema.sql has two statements in one', SCHEMA_FILE);
    return !/^(?:incomplete input|unrecognized token)/.test(error.message);
  }
}

function toStatement(sql: string): Statement {
  const [, kind = '', double, single, back, bracketed, bare] = HEAD.exec(sql) ?? [];
  const type = TYPES[kind.toUpperCase()];
  const name =
    double?.replaceAll('""', '"') ??
    single?.replaceAll("''", "'") ??
    back?.replaceAll('``', '`') ??
    bracketed ??
    bare;
  if (type === undefined || name === undefined)
    throw malformedManifest('schema.sql holds something that is no part of a schema', SCHEMA_FILE);
  return { type, name, table: type === 'index' || type === 'trigger' ? null : name, sql };
}
