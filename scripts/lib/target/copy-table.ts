import { pipeline } from 'node:stream/promises';

import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import { closeBatches, readLineBatches } from '../artifact/data-file.ts';
import { LineParser } from '../artifact/line.ts';
import { artifactPath, type Artifact } from '../artifact/reader.ts';
import type { TablePlan } from '../mapping/plan.ts';
import type { LostReferences } from '../mapping/references.ts';
import { rowConverter, type ConvertedRow } from '../mapping/row.ts';
import { ToolkitError } from '../model/errors.ts';
import type { Activity } from '../model/progress.ts';
import { describeValue } from '../model/row-key.ts';
import { quoteIdentifier } from '../model/sql.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import type { Row } from '../model/values.ts';
import { COPY_NULL, escapeCopyText } from '../value/copy-text.ts';
import { quoteTable } from './introspect.ts';
import { untilIdle } from './lost-connection.ts';

export interface CopyOptions {
  readonly client: pg.Client;
  readonly catalog: TargetCatalog;
  readonly artifact: Artifact;
  readonly plan: TablePlan;
  /** Quoted for SQL; the plan's own table when absent. */
  readonly into?: string;
  /** What refers to rows that the mapping leaves out, as the check before the load found it. */
  readonly lostReferences: LostReferences;
  readonly activity: Activity;
  readonly signal: AbortSignal;
}

/**
 * Copies a data file into its table, inside the session's transaction. The file is hashed and counted
 * again while it streams: if it is not what the manifest says, the COPY fails and nothing of it stays.
 *
 * @returns the rows that PostgreSQL says it copied
 */
export async function copyTable(options: CopyOptions): Promise<number> {
  const { client, catalog, plan, signal, into = quoteTable(catalog, plan.target.name) } = options;
  const columns = plan.columns.map((column) => quoteIdentifier(column.target.name));
  const stream = client.query(
    copyFrom(`COPY ${into} (${columns.join(', ')}) FROM STDIN (FORMAT text, ENCODING 'UTF8')`),
  );
  try {
    await pipeline(copyLines(options), stream, { signal });
  } catch (error) {
    await untilIdle(client);
    throw error;
  }
  return stream.rowCount;
}

async function* copyLines({
  artifact,
  plan,
  lostReferences,
  activity,
  signal,
}: CopyOptions): AsyncGenerator<string, void> {
  const convert = loadedRow(plan, lostReferences);
  const parser = new LineParser(plan.source.columns.map((column) => column.name));
  const batches = readLineBatches(
    artifactPath(artifact, plan.source.file),
    signal,
    plan.source.file,
  );
  try {
    for (;;) {
      const step = await batches.next();
      if (step.done === true) {
        const { sha256, lineCount } = step.value;
        if (sha256 === plan.source.sha256 && lineCount === plan.source.rowCount) return;
        throw new ToolkitError({
          kind: 'artifact',
          code: 'artifact-changed',
          message:
            'the file changed since it was checked: its rows or SHA-256 are not those of the manifest',
          where: { table: plan.source.name, file: plan.source.file },
          hint: 'let nothing write to the artifact, run verify, then import again',
        });
      }
      let text = '';
      for (const line of step.value.lines) {
        const values = convert(parser.parse(line));
        if (values !== null) text += copyLine(values);
      }
      if (text !== '') yield text;
      activity.advance(step.value.lines.length, step.value.sizeBytes);
    }
  } finally {
    await closeBatches(batches);
  }
}

const ignore = (): void => undefined;

/**
 * Makes the function that gives what is loaded of a row, or null when the mapping leaves it out.
 * Every value was tried before the load began, and the file's SHA-256 has not changed since: a
 * value that does not fit is a bug.
 */
export function loadedRow(
  plan: TablePlan,
  lostReferences: LostReferences,
): (row: Row) => ConvertedRow | null {
  const fail = (reason: string): never => {
    throw new Error(`${plan.source.name}: ${reason}`);
  };
  return rowConverter(
    plan,
    {
      changed: ignore,
      leftOut: ignore,
      misfit: (_, value, { reason }) => fail(`${describeValue(value)} ${reason}`),
      nullRefused: ({ target }) => fail(`NULL in ${target.name}`),
      orphaned: ({ parentTable }) => fail(`its parent in ${parentTable} is left out`),
    },
    lostReferences,
  );
}

function copyLine(values: ConvertedRow): string {
  let line = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? null;
    if (index > 0) line += '\t';
    line += value === null ? COPY_NULL : escapeCopyText(value);
  }
  return `${line}\n`;
}
