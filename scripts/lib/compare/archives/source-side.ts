import { createHash } from 'node:crypto';

import { splitLines } from '../../artifact/data-file.ts';
import { keyedTableShape } from '../../artifact/table-shape.ts';
import { sourceLines } from '../../check/source-lines.ts';
import type { SourceEncoding, SourceTable } from '../../model/source-catalog.ts';
import { introspectSource } from '../../source/introspect.ts';
import { readSourceFacts, type Source } from '../../source/open.ts';
import { countRows, requireRowCount, type TextReading } from '../../source/rows.ts';
import { readSchemaSql } from '../../source/schema-sql.ts';
import { asSourceError } from '../../source/source-error.ts';
import type { LineStream, Side } from './side.ts';

/** A SQLite database as a side of a comparison: its rows come as an export would write them now. */
export function sourceSide(source: Source): Side {
  const { encoding, userVersion, applicationId } = readSourceFacts(source, false);
  const { tables, migrationHistory, notCarried } = introspectSource(source.db);
  const all = migrationHistory === null ? tables : [migrationHistory, ...tables];
  const byName = new Map(all.map((table) => [table.name, table]));
  return {
    encoding,
    userVersion,
    applicationId,
    tables: all.map((table) => ({
      ...keyedTableShape(table),
      rowCount: Number(countRows(source.db, table)),
      sha256: null,
    })),
    notCarried,
    statements: readStatements(source),
    readLines: ({ name, rowCount }, reading, { signal }) => {
      const table = byName.get(name);
      if (table === undefined) throw new Error(`the source has no table ${name}`);
      return readTable({ source, table, rowCount, reading, encoding, signal });
    },
  };
}

function readStatements({ db }: Source): Side['statements'] {
  const { text, statements } = readSchemaSql(db);
  const bytes = Buffer.from(text);
  return statements.map(({ type, name, offset, sizeBytes }) => {
    return { type, name, sql: bytes.toString('utf8', offset, offset + sizeBytes) };
  });
}

interface TableReading {
  readonly source: Source;
  readonly table: SourceTable;
  /** How many rows a walk over the table itself has found. */
  readonly rowCount: number;
  readonly reading: TextReading;
  readonly encoding: SourceEncoding;
  readonly signal: AbortSignal;
}

async function* readTable(options: TableReading): LineStream {
  const { source, table, rowCount: expected, reading, encoding, signal } = options;
  const hash = createHash('sha256');
  let rowCount = 0;
  try {
    const size = { rowCount: expected };
    for await (const { bytes } of sourceLines(source.db, table, reading, encoding, signal, {
      size,
    })) {
      hash.update(bytes);
      const complete = splitLines(bytes);
      rowCount += complete.length;
      yield complete;
    }
  } catch (error) {
    throw asSourceError(error, source.path, table.name);
  }
  requireRowCount(source.path, table, rowCount, expected);
  return { rowCount, sha256: hash.digest('hex') };
}
