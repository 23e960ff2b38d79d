import { createHash } from 'node:crypto';

import { closeBatches, readLineBatches } from '../artifact/data-file.ts';
import { lineEncoder } from '../artifact/line.ts';
import { dataTables, phaseTables, type ManifestTable } from '../artifact/manifest.ts';
import { rowsFile, type Artifact } from '../artifact/reader.ts';
import { sourceLines } from '../check/source-lines.ts';
import type { CommandContext } from '../model/progress.ts';
import type { SourceTable } from '../model/source-catalog.ts';
import { introspectSource } from '../source/introspect.ts';
import { readSourceFacts, type Source } from '../source/open.ts';
import { readExactly, readRows, type TextReading } from '../source/rows.ts';
import { readSchemaSql } from '../source/schema-sql.ts';
import type { Statement } from './statements.ts';

/** A restored database, and the artifact that it must equal. */
export interface Proof {
  readonly restored: Source;
  readonly artifact: Artifact;
  readonly context: CommandContext;
}

/**
 * Reads every table back as an export would, and compares its bytes with the data file's SHA-256.
 *
 * @returns the names of the tables that differ
 */
export async function findDifferingTables(proof: Proof): Promise<string[]> {
  const differing: string[] = [];
  const restored = restoredTables(proof);
  const tables = dataTables(proof.artifact.manifest);
  proof.context.progress.plan?.('prove', phaseTables(tables));
  for (const table of tables) {
    const found = restored.get(table.name);
    if (found === undefined) throw new Error(`the restored database has no table ${table.name}`);
    if ((await digest(proof, found, table.rowCount)) !== table.sha256) differing.push(table.name);
  }
  return differing;
}

function restoredTables({ restored }: Pick<Proof, 'restored'>): Map<string, SourceTable> {
  const { tables, migrationHistory } = introspectSource(restored.db);
  const all = migrationHistory === null ? tables : [...tables, migrationHistory];
  return new Map(all.map((table) => [table.name, table]));
}

async function digest(proof: Proof, table: SourceTable, rowCount: number): Promise<string> {
  return readExactly(proof.artifact.manifest.source.encoding, (reading) =>
    digestBy(reading, proof, table, rowCount),
  );
}

async function digestBy(
  reading: TextReading,
  { restored, artifact, context }: Proof,
  table: SourceTable,
  rowCount: number,
): Promise<string> {
  const activity = context.progress.start(`${table.name}, read back`, rowCount, {
    phase: 'prove',
    table: table.name,
  });
  const { encoding } = artifact.manifest.source;
  const hash = createHash('sha256');
  try {
    const parts = sourceLines(restored.db, table, reading, encoding, context.signal);
    for await (const part of parts) {
      hash.update(part.bytes);
      activity.advance(part.rowCount);
    }
    return hash.digest('hex');
  } catch (error) {
    activity.fail?.();
    throw error;
  } finally {
    activity.done();
  }
}

/** The number of the first line of the data file that the restored table does not have there, from 1. */
export async function firstDifferingLine(
  { restored, artifact, context }: Proof,
  table: ManifestTable,
): Promise<number | undefined> {
  const found = restoredTables({ restored }).get(table.name);
  if (found === undefined) return undefined;
  const encode = lineEncoder(found.columns.map((column) => column.name));
  const rows = readRows(restored.db, found, 'bytes', artifact.manifest.source.encoding);
  const batches = readLineBatches(rowsFile(artifact, table), context.signal);
  try {
    for (let step = await batches.next(); step.done !== true; step = await batches.next()) {
      for (const [index, line] of step.value.lines.entries()) {
        const row = rows.next();
        const isSame = row.done !== true && line.equals(Buffer.from(encode(row.value)));
        if (!isSame) return step.value.firstLine + index;
      }
    }
    return undefined;
  } finally {
    rows.return(undefined);
    await closeBatches(batches);
  }
}

/**
 * Compares everything but the rows: the schema's text, the AUTOINCREMENT marks, and what stands in
 * the file's header.
 *
 * @returns what differs, in words; undefined when nothing does
 */
export function findOtherDifference(
  { restored, artifact }: Proof,
  statements: readonly Statement[],
): string | undefined {
  const { source } = artifact.manifest;
  const facts = readSourceFacts(restored, false);
  const fact = (['encoding', 'pageSizeBytes', 'userVersion', 'applicationId'] as const).find(
    (name) => facts[name] !== source[name],
  );
  if (fact !== undefined) return `${fact} is ${facts[fact]} and should be ${source[fact]}`;
  const tables = restoredTables({ restored });
  const table = dataTables(artifact.manifest).find(
    ({ name, autoincrementMark }) =>
      (tables.get(name)?.autoincrementMark?.toString() ?? null) !== autoincrementMark,
  );
  if (table !== undefined) return `the AUTOINCREMENT mark of ${table.name} is another one`;
  return findSchemaDifference(restored, statements);
}

function findSchemaDifference(
  restored: Source,
  statements: readonly Statement[],
): string | undefined {
  const { text, statements: placed } = readSchemaSql(restored.db);
  const bytes = Buffer.from(text);
  const found = new Map(
    placed.map(({ type, name, offset, sizeBytes }) => [
      `${type} ${name}`,
      bytes.toString('utf8', offset, offset + sizeBytes),
    ]),
  );
  for (const { type, name, sql } of statements) {
    const object = `${type} ${name}`;
    if (found.get(object) !== sql) return `the definition of ${object} is another one`;
    found.delete(object);
  }
  const [extra] = found.keys();
  return extra === undefined ? undefined : `${extra} is more than schema.sql has`;
}
