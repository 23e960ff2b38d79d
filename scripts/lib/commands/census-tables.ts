import type { CommandContext } from '../model/progress.ts';
import type { SourceCatalog } from '../model/source-catalog.ts';
import { roughRowCount, takeCensus, type TableCensus } from '../source/census/take-census.ts';
import { asSourceError, type Source } from '../source/open.ts';

/**
 * Counts the values of every table, showing progress by rows.
 *
 * @throws ToolkitError of kind `source` for a table that cannot be read
 */
export async function censusTables(
  source: Source,
  { facts, tables }: SourceCatalog,
  { signal, progress }: CommandContext,
): Promise<ReadonlyMap<string, TableCensus>> {
  const totalRows = tables.reduce((sum, table) => sum + roughRowCount(source.db, table), 0);
  const activity = progress.start('counting values', totalRows);
  const censuses = new Map<string, TableCensus>();
  try {
    for (const table of tables) {
      const census = takeCensus(source.db, table, {
        encoding: facts.encoding,
        signal,
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
