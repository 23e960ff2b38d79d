import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import type pg from 'pg';

import { copyOutput } from './target-lines.ts';

const NEWLINE = 0x0a;

/** What the whole output of a COPY is, without looking at its rows. */
export interface TargetOutput {
  readonly sha256: string;
  readonly lineCount: number;
  readonly elapsedMs: number;
}

export interface OutputListener {
  /** More lines came. */
  readonly onLines: (count: number) => void;
  /** Asked with each piece: once it says no, the rest is read unhashed, and there is no output. */
  readonly isWanted: () => boolean;
}

/**
 * Reads the output of a COPY in text format, in which a newline stands at the end of each row and
 * nowhere else.
 *
 * @returns null when nobody wanted it any more
 */
export async function readTargetOutput(
  client: pg.Client,
  sql: string,
  { onLines, isWanted }: OutputListener,
): Promise<TargetOutput | null> {
  const startedAt = performance.now();
  const hash = createHash('sha256');
  let lineCount = 0;
  for await (const piece of copyOutput(client, [sql])) {
    if (!isWanted()) continue;
    hash.update(piece);
    const lines = countLines(piece);
    lineCount += lines;
    onLines(lines);
  }
  if (!isWanted()) return null;
  const elapsedMs = Math.round(performance.now() - startedAt);
  return { sha256: hash.digest('hex'), lineCount, elapsedMs };
}

function countLines(piece: Buffer): number {
  let count = 0;
  for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, end + 1)) {
    count += 1;
  }
  return count;
}
