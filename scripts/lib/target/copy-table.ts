import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { loadedFields } from '../mapping/line-fields.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { copyLines, type CopyLinesOptions } from './copy-lines.ts';
import { quoteTable } from './introspect.ts';
import { untilIdle } from './lost-connection.ts';

export interface CopyOptions extends CopyLinesOptions {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  /** Quoted for SQL; the plan's own table when absent. */
  readonly into?: string;
}

/** What waits for the server while the next rows are made ready. */
const BYTES_IN_FLIGHT = 1024 * 1024;

/**
 * Copies a data file into its table, inside the session's transaction. The file is hashed and counted
 * again while it streams: if it is not what the manifest says, the COPY fails and nothing of it stays.
 *
 * @returns the rows that PostgreSQL says it copied
 */
export async function copyTable(options: CopyOptions): Promise<number> {
  const { client, catalog, plan, signal, into = quoteTable(catalog, plan.target.name) } = options;
  const columns = loadedFields(plan).map(({ target }) => quoteIdentifier(target.name));
  const sql = `COPY ${into} (${columns.join(', ')}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`;
  const stream = client.query(copyFrom(sql, { highWaterMark: BYTES_IN_FLIGHT }));
  try {
    await pipeline(copyLines(options), stream, { signal });
  } catch (error) {
    await untilIdle(client);
    throw error;
  }
  return stream.rowCount;
}
