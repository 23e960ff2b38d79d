import type pg from 'pg';

import type { FindingCollector, FindingHead } from '../../model/findings.ts';
import type { TargetComparison } from '../../model/target-comparison.ts';
import {
  readConstraintStates,
  readIndexStates,
  type ConstraintState,
} from '../../target/constraint-states.ts';

/** Looks whether every constraint of the schema holds for all rows; what is wrong is a finding. */
export async function compareConstraints(
  client: pg.Client,
  schema: string,
  findings: FindingCollector,
): Promise<TargetComparison['constraints']> {
  const states = await readConstraintStates(client, schema);
  for (const state of states) {
    for (const head of faultsOf(state)) findings.add(head);
  }
  const indexes = await readIndexStates(client, schema);
  for (const { table, name } of indexes.filter((index) => !index.isComplete)) {
    findings.add({
      ...COMMON,
      code: 'index-invalid',
      message: 'an index is not valid: PostgreSQL has not built it to its end',
      where: { table, constraint: name },
      hint: `build it again: REINDEX INDEX CONCURRENTLY "${name}"`,
    });
  }
  const count = (kind: ConstraintState['kind']): number =>
    states.filter((state) => state.kind === kind).length;
  return {
    primaryKeys: count('primary-key'),
    uniqueKeys: indexes.filter((index) => index.isUniqueKey).length,
    foreignKeys: count('foreign-key'),
    checks: count('check'),
  };
}

const COMMON = { severity: 'blocking', kind: 'structure' } as const;

function faultsOf(state: ConstraintState): FindingHead[] {
  const where = { table: state.table, constraint: state.name };
  const heads: FindingHead[] = [];
  if (!state.isEnforced) {
    heads.push({
      ...COMMON,
      where,
      code: 'constraint-not-enforced',
      message: 'a constraint is declared NOT ENFORCED: PostgreSQL holds no row against it',
      hint: 'if that is not meant, ALTER TABLE … ALTER CONSTRAINT … ENFORCED',
    });
  } else if (!state.isValidated) {
    heads.push({
      ...COMMON,
      where,
      code: 'constraint-not-validated',
      message: 'a constraint is NOT VALID: rows that were there before were not held against it',
      hint: 'ALTER TABLE … VALIDATE CONSTRAINT …',
    });
  }
  if (state.isDisabled) {
    heads.push({
      ...COMMON,
      where,
      code: 'constraint-disabled',
      message: 'triggers that keep a constraint are switched off: PostgreSQL lets any row in',
      hint: 'ALTER TABLE … ENABLE TRIGGER ALL, for the table and the one that it refers to; then look for rows without a parent',
    });
  }
  return heads;
}
