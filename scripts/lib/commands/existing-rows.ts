import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { countTable, tablesReferringTo } from '../target/load-group.ts';

const NOT_EMPTY: FindingHead = {
  code: 'target-not-empty',
  severity: 'blocking',
  kind: 'data',
  message: 'target tables hold rows already',
  where: {},
  hint: 'give --truncate to empty each in the transaction that loads it, or --append to keep the rows',
};

const REFERS_TO_EMPTIED: FindingHead = {
  code: 'target-not-empty',
  severity: 'blocking',
  kind: 'data',
  message: 'tables that the artifact does not have refer to tables that --truncate would empty',
  where: {},
  hint: 'empty them yourself if their rows may go, or use --append',
};

/**
 * Counts the rows that target tables hold already, and reports those that stand in the way.
 *
 * @returns the rows of each table that the load would fill or empty, by its name
 */
export async function checkExistingRows(
  client: pg.Client,
  catalog: TargetCatalog,
  plans: readonly TablePlan[],
  options: { readonly truncate: boolean; readonly append: boolean },
  findings: FindingCollector,
): Promise<Map<string, number>> {
  const loaded = new Set(plans.map((plan) => plan.target.name));
  const touched = options.truncate ? tablesReferringTo(catalog, [...loaded]) : loaded;
  const counts = new Map<string, number>();
  for (const name of touched) {
    const count = await countTable(client, catalog, name);
    counts.set(name, count);
    if (count === 0 || options.append || (options.truncate && loaded.has(name))) continue;
    findings.add(loaded.has(name) ? NOT_EMPTY : REFERS_TO_EMPTIED, {
      detail: `${name}: ${count} row${count === 1 ? '' : 's'}`,
    });
  }
  return counts;
}
