import type { CommandContext } from '../model/progress.ts';
import type { SourceCatalog, SourceTable } from '../model/source-catalog.ts';
import { roughRowCount, takeCensus, type TableCensus } from '../source/census/take-census.ts';
import type { Source } from '../source/open.ts';
import type { SnapshotReaders } from '../source/snapshot-readers.ts';
import { asSourceError } from '../source/source-error.ts';

/**
 * Counts the values of every table, showing progress by rows.
 *
 * @param readers read rows while those before them are counted
 * @throws ToolkitError of kind `source` for a table that cannot be read
 */
export async function censusTables(
  source: Source,
  { facts, tables }: SourceCatalog,
  { signal, progress }: CommandContext,
  readers?: SnapshotReaders,
): Promise<ReadonlyMap<string, TableCensus>> {
  const totalRows = tables.reduce((sum, table) => sum + roughRowCountOf(source, table), 0);
  const activity = progress.start('counting values', totalRows, { phase: 'census' });
  const censuses = new Map<string, TableCensus>();
  try {
    for (const table of tables) {
      const census = takeCensus(source.db, table, {
        encoding: facts.encoding,
        signal,
        readers,
        advance: (rows) => activity.advance(rows),
      });
      censuses.set(
        table.name,
        await census.catch((error: unknown) => {
          throw asSourceError(error, source.path, table.name);
        }),
      );
    }
  } finally {
    activity.done();
  }
  return censuses;
}

/** 0 where it cannot be known: the index that is counted may be damaged, and the table sound. */
function roughRowCountOf({ db }: Source, table: SourceTable): number {
  try {
    return roughRowCount(db, table);
  } catch {
    return 0;
  }
}
