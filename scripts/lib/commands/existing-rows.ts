import type pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import type { FindingCollector, FindingHead } from '../model/findings.ts';
import type { TargetCatalog } from '../model/target-catalog.ts';
import { countTable } from '../target/introspect.ts';
import { tablesReferringTo } from '../target/load-group.ts';
import { scopeSql } from '../target/scope.ts';

const NOT_EMPTY: FindingHead = {
  code: 'target-not-empty',
  severity: 'blocking',
  kind: 'data',
  message: 'target tables hold rows already',
  where: {},
  hint: 'give --truncate to empty each in the transaction that loads it, or --append to keep the rows',
};

const OWN_ROWS: FindingHead = {
  ...NOT_EMPTY,
  message: 'target tables hold rows of this source already',
  hint: 'take them back with the run that loaded them (--status names it, --rollback RUN removes its rows), or give --append to keep them',
};

const REFERS_TO_EMPTIED: FindingHead = {
  ...NOT_EMPTY,
  message: 'tables that are not loaded refer to tables that --truncate would empty',
  hint: 'load them too if the artifact has them (--tables), empty them yourself if their rows may go, or use --append',
};

export interface ExistingRowsOptions {
  readonly truncate: boolean;
  readonly append: boolean;
  /** Target tables that hold what earlier runs of the same import loaded. */
  readonly loadedEarlier: ReadonlyMap<string, string>;
}

/**
 * Counts the rows that target tables hold already, and reports those that stand in the way. Where the
 * mapping sets what tells the rows of this source from others, only its own count.
 *
 * @returns the rows of each table that the load would fill or empty, by its name
 */
export async function checkExistingRows(
  client: pg.Client,
  catalog: TargetCatalog,
  plans: readonly TablePlan[],
  options: ExistingRowsOptions,
  findings: FindingCollector,
): Promise<Map<string, number>> {
  const loaded = new Set(plans.map((plan) => plan.target.name));
  const touched = options.truncate ? tablesReferringTo(catalog, [...loaded]) : loaded;
  const counts = new Map<string, number>();
  for (const name of touched) {
    const scope = plans.find(({ target }) => target.name === name)?.scope ?? [];
    const count = await countTable(client, catalog, name, scopeSql(scope));
    counts.set(name, count);
    if (count === 0 || options.append || (options.truncate && loaded.has(name))) continue;
    const run = options.loadedEarlier.get(name);
    const notEmpty = scope.length > 0 ? OWN_ROWS : NOT_EMPTY;
    const head = run === undefined ? notEmpty : loadedAlready(plans, options.loadedEarlier);
    findings.add(loaded.has(name) ? head : REFERS_TO_EMPTIED, {
      detail: `${name}: ${count} row${count === 1 ? '' : 's'}${run === undefined ? '' : `, run ${run}`}`,
    });
  }
  return counts;
}

function loadedAlready(
  plans: readonly TablePlan[],
  loadedEarlier: ReadonlyMap<string, string>,
): FindingHead {
  const rest = plans
    .filter(({ target }) => !loadedEarlier.has(target.name))
    .map(({ source }) => source.name);
  return {
    ...NOT_EMPTY,
    message: 'target tables hold what earlier runs loaded from this artifact, and it is as it was',
    hint:
      rest.length === 0
        ? 'nothing is left to load; --truncate empties the tables and loads them again'
        : `load the rest with --tables ${rest.join(',')}; or --truncate empties all tables and loads them again`,
  };
}
