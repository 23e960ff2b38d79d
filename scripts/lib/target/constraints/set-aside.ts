import type pg from 'pg';

import { quoteIdentifier } from '../../model/sql.ts';
import type { TargetCatalog, TargetTable } from '../../model/target-catalog.ts';
import { quoteTable } from '../introspect.ts';
import { dropForeignKeys } from './dropped-keys.ts';
import type { ConstraintPlan } from './plan.ts';

/**
 * Sets foreign keys aside as planned, and the user's triggers: they fire on no loaded or emptied row, in
 * any mode.
 *
 * @param touched the tables that load together, and those that are emptied with them
 * @returns puts the catalog back as it was and makes PostgreSQL check what it put off; to be called
 * after the proof and before the commit (a rollback does it by itself)
 */
export async function setConstraintsAside(
  client: pg.Client,
  catalog: TargetCatalog,
  plan: ConstraintPlan,
  touched: readonly TargetTable[],
): Promise<() => Promise<void>> {
  const undo: string[] = [];
  const alter = async (table: string, what: string, back: string): Promise<void> => {
    await client.query(`ALTER TABLE ${table} ${what}`);
    undo.push(`ALTER TABLE ${table} ${back}`);
  };
  // Sessions that play a replica fire these two kinds only; others all but the ones for replicas.
  const firing = plan.mode === 'proven' ? ['A', 'R'] : ['O', 'A'];
  for (const { name, standsOn, state } of touched.flatMap((table) => table.triggers)) {
    if (!firing.includes(state)) continue;
    const trigger = `TRIGGER ${quoteIdentifier(name)}`;
    await alter(standsOn, `DISABLE ${trigger}`, `${HOW_ENABLED[state]} ${trigger}`);
  }
  if (plan.mode === 'proven') {
    await client.query('SET LOCAL session_replication_role = replica');
    return async () => {
      await client.query('SET LOCAL session_replication_role = origin');
      for (const statement of undo) await client.query(statement);
    };
  }
  for (const { table, key } of plan.deferred) {
    const constraint = `ALTER CONSTRAINT ${quoteIdentifier(key.name)}`;
    const name = quoteTable(catalog, table.name);
    await alter(name, `${constraint} DEFERRABLE`, `${constraint} NOT DEFERRABLE`);
  }
  await client.query('SET CONSTRAINTS ALL DEFERRED');
  const addForeignKeys = await dropForeignKeys(client, catalog, plan.dropped);
  return async () => {
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    await addForeignKeys();
    for (const statement of undo) await client.query(statement);
  };
}

const HOW_ENABLED = { O: 'ENABLE', A: 'ENABLE ALWAYS', R: 'ENABLE REPLICA', D: 'DISABLE' } as const;
