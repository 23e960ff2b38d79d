import { quoteIdentifier } from '../../model/sql.ts';
import { withClient } from '../databases.ts';
import type { Dataset } from '../dataset/cache.ts';
import { RivalFailed } from './contestant.ts';

/** Half of the work would be quick. @throws RivalFailed when not every row is there */
export async function requireAllRows(
  url: string,
  { tables, totalRows }: Dataset,
  program: string,
): Promise<void> {
  let loaded = 0;
  await withClient(url, async (client) => {
    for (const { name } of tables) {
      const count = `SELECT count(*)::int AS rows FROM ${quoteIdentifier(name)}`;
      const { rows } = await client.query<{ rows: number }>(count);
      loaded += rows[0]?.rows ?? 0;
    }
  });
  if (loaded !== totalRows) {
    throw new RivalFailed(`${program} loaded ${loaded} of ${totalRows} rows`);
  }
}
