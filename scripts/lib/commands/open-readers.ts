import { availableParallelism } from 'node:os';

import type { CommandContext } from '../model/progress.ts';
import type { Source } from '../source/open.ts';
import { openSnapshotReaders, type SnapshotReaders } from '../source/snapshot-readers.ts';

const MOST_BY_DEFAULT = 2;
/** What a smaller database takes to read is less than what threads take to start. */
const WORTH_READERS_BYTES = 16 * 1024 * 1024;

/**
 * Opens the readers that a command works with; the read transaction of `source` is begun anew for it.
 *
 * @param jobs how many; when absent, as many as pay for themselves
 * @returns undefined where `source` is to be read alone
 */
export async function openReaders(
  source: Source,
  jobs: number | undefined,
  context: CommandContext,
): Promise<SnapshotReaders | undefined> {
  const count = jobs ?? defaultCount(source);
  if (count < 2) return undefined;
  const readers = await openSnapshotReaders(source, count);
  if (readers === undefined) {
    context.progress.note(
      'several readers cannot see one moment of the database, perhaps because it is being written to: one reads all of it, which is only slower',
    );
  }
  return readers;
}

/**
 * Opens one reader, for a command that looks at rows while the next ones are read; the read
 * transaction of `source` is begun anew for it.
 *
 * @returns undefined where `source` is to be read alone
 */
export async function openReaderAhead(source: Source): Promise<SnapshotReaders | undefined> {
  return defaultCount(source) < 2 ? undefined : openSnapshotReaders(source, 1);
}

function defaultCount({ db }: Source): number {
  const pragma = (name: string): number => Number(db.pragma(name, { simple: true }));
  const sizeBytes = pragma('page_count') * pragma('page_size');
  return sizeBytes < WORTH_READERS_BYTES ? 1 : Math.min(MOST_BY_DEFAULT, availableParallelism());
}
