import pg from 'pg';

import type { TablePlan } from '../mapping/plan.ts';
import { MAX_EXAMPLES } from '../model/findings.ts';
import { whileShown } from '../model/progress.ts';
import { findBrokenReferences, type BrokenReference } from './constraints/broken-references.ts';
import type { TableKey } from './constraints/plan.ts';
import { LoadRefused } from './load-errors.ts';
import type { LoadJob } from './load-group.ts';
import { reportRejectedRow } from './rejected-row.ts';

/**
 * Proves foreign keys of tables whose rows are all there.
 *
 * @throws LoadRefused when rows refer to nothing: they are in the findings
 */
export async function proveForeignKeys(
  job: LoadJob,
  plans: readonly TablePlan[],
  keys: readonly TableKey[],
): Promise<void> {
  const broken: BrokenReference[] = [];
  for (const one of keys) {
    const label = `${one.table.name}: proving the foreign key ${one.key.name}`;
    const found = await whileShown(job.context.progress, label, async () =>
      findBrokenReferences(job.client, job.catalog, [one], MAX_EXAMPLES),
    );
    broken.push(...found);
  }
  for (const { table, key, total, examples } of broken) {
    const plan = plans.find(({ target }) => target === table);
    job.findings.addCounted(
      {
        code: 'orphan',
        severity: 'blocking',
        kind: 'data',
        message: `rows refer to a parent row that the target's table ${key.parentTable} does not have`,
        where: {
          table: plan?.source.name,
          column: key.columns.join(', '),
          constraint: key.name,
        },
        hint: 'load the parents first, or mend the rows in the source and export again',
      },
      total,
      examples.map((detail) => ({ detail })),
    );
  }
  if (broken.length > 0) throw new LoadRefused();
}

/**
 * Lets PostgreSQL check what it put off, and puts triggers and constraints back.
 *
 * @throws LoadRefused when it refuses a row, which is in the findings
 */
export async function checkBeforeCommit(
  job: LoadJob,
  plans: readonly TablePlan[],
  restore: () => Promise<void>,
): Promise<void> {
  try {
    await restore();
  } catch (error) {
    const broken = error instanceof pg.DatabaseError ? error.table : undefined;
    const plan = plans.find(({ target }) => target.name === broken) ?? plans[0];
    const lost = plan === undefined ? undefined : job.lostReferencesOf(plan);
    if (
      plan !== undefined &&
      lost !== undefined &&
      (await reportRejectedRow(error, job.artifact, plan, lost, job.findings))
    ) {
      throw new LoadRefused(plan.source.name, { cause: error });
    }
    throw error;
  }
}
