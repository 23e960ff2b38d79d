import type pg from 'pg';

import type { TablePlan } from '../../mapping/plan.ts';
import type { FindingCollector } from '../../model/findings.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import type { TargetComparison } from '../../model/target-comparison.ts';
import { readSequence } from '../../target/sequences.ts';

/**
 * Looks whether the next value of each sequence and identity is above every value of its column; one
 * that is not is a finding. Those that count down, or feed no integer, are left alone as by the import.
 */
export async function compareSequences(
  client: pg.Client,
  catalog: TargetCatalog,
  plans: readonly TablePlan[],
  findings: FindingCollector,
): Promise<TargetComparison['sequences']> {
  const compared: TargetComparison['sequences'] = [];
  for (const { target: table } of plans) {
    for (const sequence of table.sequences) {
      if (sequence.increment < 0n || !sequence.feedsInteger) continue;
      const { highest, next } = await readSequence(client, catalog, table, sequence);
      const isAbove = highest === null || next > highest;
      compared.push({
        table: table.name,
        column: sequence.column,
        sequence: sequence.sql,
        nextValue: String(next),
        highestValue: highest === null ? null : String(highest),
        isAbove,
      });
      if (isAbove) continue;
      findings.add({
        code: 'sequence-behind',
        severity: 'blocking',
        kind: 'data',
        message: `the sequence ${sequence.sql} gives ${next} next, and the column holds ${highest}: new rows would meet rows that are there`,
        where: { table: table.name, column: sequence.column },
        hint: `ALTER SEQUENCE ${sequence.sql} RESTART WITH ${highest + 1n}`,
      });
    }
  }
  return compared;
}
