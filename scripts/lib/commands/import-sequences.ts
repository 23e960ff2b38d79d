import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { highestFedBy } from '../target/sequences.ts';
import type { Decision } from './import-decision.ts';

/**
 * What sequences must not go back behind: what the tables that are done have set them to, and what
 * they gave to tables that are not loaded, where a sequence serves several.
 *
 * @returns by sequence, ready for SQL, the least value to give next
 */
export async function sequencesInUse(
  client: pg.Client,
  catalog: TargetCatalog,
  decision: Decision,
  plans: readonly TablePlan[],
): Promise<Map<string, bigint>> {
  const inUse = new Map<string, bigint>();
  const raise = (sequence: string, next: bigint): void => {
    const known = inUse.get(sequence);
    if (known === undefined || next > known) inUse.set(sequence, next);
  };
  for (const table of decision.kind === 'new' ? [] : decision.done) {
    for (const { sequence, nextValue } of table.sequences) raise(sequence, BigInt(nextValue));
  }
  const loaded = plans.map(({ target }) => target);
  const others = catalog.tables.filter((table) => !loaded.includes(table));
  for (const sql of new Set(loaded.flatMap(({ sequences }) => sequences.map((one) => one.sql)))) {
    const highest = await highestFedBy(client, catalog, sql, others);
    if (highest !== null) raise(sql, highest + 1n);
  }
  return inUse;
}
