import type pg from 'pg';

import { ToolkitError } from '../../model/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../model/sql.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import { quoteTable } from '../introspect.ts';
import type { TableKey } from './plan.ts';

/**
 * Drops foreign keys, which must be ones that come back as they were (`KeyRights.mayDrop`).
 *
 * PostgreSQL fires the triggers of a table by name, and names those of a foreign key by a number that it
 * draws. With new names, ON DELETE RESTRICT of one key could run before ON DELETE CASCADE of another, and
 * refuse a delete that went through until then. So the triggers get their old names back.
 *
 * Source: https://www.postgresql.org/docs/current/sql-createtrigger.html ("alphabetical order by name")
 *
 * @returns adds the keys again, which makes PostgreSQL check every row, and holds the catalog against
 * what it was; throws a ToolkitError `constraint-changed` when it differs
 */
export async function dropForeignKeys(
  client: pg.Client,
  catalog: TargetCatalog,
  keys: readonly TableKey[],
): Promise<() => Promise<void>> {
  const dropped: { readonly one: TableKey; readonly before: KeyState }[] = [];
  for (const one of keys) dropped.push({ one, before: await readState(client, catalog, one) });
  for (const { table, key } of keys) {
    const name = quoteIdentifier(key.name);
    await client.query(`ALTER TABLE ${quoteTable(catalog, table.name)} DROP CONSTRAINT ${name}`);
  }
  return async () => {
    for (const { one, before } of dropped) await addForeignKey(client, catalog, one, before);
  };
}

async function addForeignKey(
  client: pg.Client,
  catalog: TargetCatalog,
  one: TableKey,
  before: KeyState,
): Promise<void> {
  const table = quoteTable(catalog, one.table.name);
  const name = quoteIdentifier(one.key.name);
  await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${before.definition}`);
  if (before.comment !== null) {
    const comment = quoteLiteral(before.comment);
    await client.query(`COMMENT ON CONSTRAINT ${name} ON ${table} IS ${comment}`);
  }
  const made = await readState(client, catalog, one);
  for (const trigger of made.triggers) {
    const old = before.triggers.find(({ state }) => state === trigger.state);
    if (old === undefined) continue;
    await client.query(
      `ALTER TRIGGER ${quoteIdentifier(trigger.name)} ON ${trigger.standsOn} RENAME TO ${quoteIdentifier(old.name)}`,
    );
  }
  const after = await readState(client, catalog, one);
  if (JSON.stringify(after) !== JSON.stringify(before)) throw changed(one);
}

/** All that the catalog holds of a foreign key but its own number. */
interface KeyState {
  readonly definition: string;
  readonly comment: string | null;
  /** Its row in pg_constraint. */
  readonly state: string;
  readonly triggers: readonly {
    readonly name: string;
    /** The table, quoted for SQL. */
    readonly standsOn: string;
    /** Its row in pg_trigger without the name; no other trigger of the key is like it. */
    readonly state: string;
  }[];
}

async function readState(
  client: pg.Client,
  catalog: TargetCatalog,
  { table, key }: TableKey,
): Promise<KeyState> {
  const { rows } = await client.query<KeyState>(KEY_STATE, [
    quoteTable(catalog, table.name),
    key.name,
  ]);
  const [state] = rows;
  if (state === undefined) throw changed({ table, key });
  return state;
}

function changed({ table, key }: TableKey): ToolkitError {
  return new ToolkitError({
    kind: 'target',
    code: 'constraint-changed',
    message: 'the foreign key, which is dropped for the load, is not what it was',
    where: { table: table.name, constraint: key.name },
    hint: 'let nobody change the schema meanwhile and run import again; with --keep-constraints it drops no key',
  });
}

// As JSON, so that a column that only some server versions have is compared where there is one.
const KEY_STATE = `
  SELECT pg_catalog.pg_get_constraintdef(k.oid) AS definition,
    pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment,
    (to_jsonb(k) - 'oid')::text AS state,
    (SELECT json_agg(json_build_object(
       'name', g.tgname,
       'standsOn', format('%I.%I', n.nspname, c.relname),
       'state', (to_jsonb(g) - 'oid' - 'tgconstraint' - 'tgname')::text) ORDER BY g.tgname)
     FROM pg_catalog.pg_trigger AS g
     JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
     WHERE g.tgconstraint = k.oid) AS triggers
  FROM pg_catalog.pg_constraint AS k
  WHERE k.conrelid = $1::regclass AND k.conname = $2 AND k.contype = 'f'`;
