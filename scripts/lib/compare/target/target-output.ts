import { createHash } from 'node:crypto';

import type pg from 'pg';

import type { Activity } from '../../model/progress.ts';
import { copyOutput } from './target-lines.ts';

const NEWLINE = 0x0a;

/** What the whole output of a COPY is, without looking at its rows. */
export interface TargetOutput {
  readonly sha256: string;
  readonly lineCount: number;
}

/** Reads the output of a COPY in text format, in which a newline stands at the end of each row and nowhere else. */
export async function readTargetOutput(
  client: pg.Client,
  sql: string,
  activity: Activity,
): Promise<TargetOutput> {
  const hash = createHash('sha256');
  let lineCount = 0;
  for await (const piece of copyOutput(client, [sql])) {
    hash.update(piece);
    const lines = countLines(piece);
    lineCount += lines;
    activity.advance(lines);
  }
  return { sha256: hash.digest('hex'), lineCount };
}

function countLines(piece: Buffer): number {
  let count = 0;
  for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, end + 1)) {
    count += 1;
  }
  return count;
}
