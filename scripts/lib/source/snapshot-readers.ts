import type { SqliteValue } from '../model/values.ts';
import type { Source } from './open.ts';
import { startReaderThread, type ReaderThread } from './reader-thread.ts';

/** Connections on threads of their own that see the same moment of a database as a {@link Source}. */
export interface SnapshotReaders {
  readonly count: number;
  /**
   * All rows of a query, from the reader that has the least to do; integers come back as bigint.
   *
   * @param sql one statement that reads
   * @throws SqliteError, or ToolkitError of kind `source` when the thread is lost
   */
  read(sql: string, parameters: readonly SqliteValue[]): Promise<readonly SqliteValue[][]>;
  /** Closes the connections once they have answered. */
  close(): Promise<void>;
}

/** A transaction between two others may be met once; a writer that never rests is met every time. */
const MOST_ATTEMPTS = 10;

/**
 * Opens readers that see the same moment as `source`, whose read transaction is begun anew for it: to
 * be called before anything is read. No lock is taken but those of readers, nothing is written.
 *
 * Each reader asks for the database's version, then `source` begins, then the reader: when the version is
 * still the same, nobody committed between the first and the last, so that all see one state.
 *
 * @returns undefined where they cannot be had, such as beside a writer that never rests
 * @throws ToolkitError of kind `source` when `source` cannot begin anew
 */
export async function openSnapshotReaders(
  source: Source,
  count: number,
): Promise<SnapshotReaders | undefined> {
  const threads = Array.from({ length: count }, () => startReaderThread(source.path));
  const close = async (): Promise<void> => {
    await Promise.all(threads.map(async (thread) => thread.close()));
  };
  try {
    if (await beginTogether(source, threads)) return { count, read: readerOf(threads), close };
  } catch (error) {
    await close();
    throw error;
  }
  await close();
  return undefined;
}

async function beginTogether(source: Source, threads: readonly ReaderThread[]): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const marked = await askAll(threads, 'mark');
    if (marked === undefined) return false;
    source.renew();
    const begun = await askAll(threads, 'begin');
    if (begun === undefined) return false;
    if (begun.every((isSame) => isSame === true)) return source.isStillInPlace();
    await askAll(threads, 'end');
  }
  return false;
}

/** @returns undefined when one could not do it */
async function askAll(
  threads: readonly ReaderThread[],
  action: 'mark' | 'begin' | 'end',
): Promise<unknown[] | undefined> {
  const answers = await Promise.allSettled(threads.map(async (thread) => thread.ask({ action })));
  const fulfilled = answers.filter((answer) => answer.status === 'fulfilled');
  return fulfilled.length < answers.length ? undefined : fulfilled.map(({ value }) => value);
}

function readerOf(threads: readonly ReaderThread[]): SnapshotReaders['read'] {
  return async (sql, parameters) => {
    const [idlest] = threads.toSorted((a, b) => a.pending - b.pending);
    return (await idlest?.ask({ action: 'read', sql, parameters })) as SqliteValue[][];
  };
}
