import type pg from 'pg';

import { groupBy } from '../../model/collections.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';

/**
 * The indexes that the role of the session may drop and build again, and that come back as they were:
 * their names by table, in the order in which they were made.
 */
export async function readDroppableIndexes(
  client: pg.Client,
  { schema }: Pick<TargetCatalog, 'schema'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await client.query<DroppableIndexRow>(DROPPABLE_INDEXES, [schema]);
  const byTable = groupBy(rows, ({ table_name: table }) => table);
  return new Map(
    [...byTable].map(([table, indexes]) => [table, indexes.map((row) => row.index_name)]),
  );
}

interface DroppableIndexRow {
  readonly table_name: string;
  readonly index_name: string;
}

/**
 * The role owns the table and may make indexes in its schema; the table is a plain one without
 * inheritance; no event trigger would act on what is dropped. The index is whole, and nothing goes with
 * it that its definition does not say: no comment, tablespace, target of statistics, mark of CLUSTER or
 * of the replica identity, nothing that depends on it (foreign keys to it, views that group by a primary
 * key, extensions). A constraint's definition leaves out storage parameters. Expressions and conditions
 * have statistics, and PostgreSQL reads what it prints of them as the same, but not always in the same
 * form; exclusion and deferrable keys are checked by other means.
 *
 * Source: https://www.postgresql.org/docs/current/catalog-pg-index.html,
 * https://www.postgresql.org/docs/current/catalog-pg-depend.html
 */
const DROPPABLE_INDEXES = `
  SELECT c.relname AS table_name, i.relname AS index_name
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS c ON c.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  LEFT JOIN pg_catalog.pg_constraint AS k
    ON k.conrelid = c.oid AND k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')
  WHERE c.relkind = 'r' AND NOT c.relispartition AND NOT c.relhassubclass
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid)
    AND pg_catalog.pg_has_role(c.relowner, 'USAGE') AND pg_catalog.has_schema_privilege(n.oid, 'CREATE')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS e WHERE e.evtenabled <> 'D' AND e.evtevent <> 'login')
    AND x.indisvalid AND x.indisready AND x.indislive AND x.indimmediate
    AND NOT x.indisexclusion AND NOT x.indisclustered AND NOT x.indisreplident
    AND x.indexprs IS NULL AND x.indpred IS NULL AND i.reltablespace = 0
    AND (k.oid IS NULL
      OR (k.contype IN ('p', 'u') AND NOT k.condeferrable AND k.conislocal AND k.coninhcount = 0
        AND NOT coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AND i.reloptions IS NULL))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = i.oid AND a.attstattarget >= 0)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_description AS d
                    WHERE (d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = i.oid)
                      OR (d.classoid = 'pg_catalog.pg_constraint'::regclass AND d.objoid = k.oid))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE (d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = i.oid)
                      OR (d.refclassid = 'pg_catalog.pg_constraint'::regclass AND d.refobjid = k.oid
                        AND d.objid <> i.oid))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.deptype IN ('e', 'x')
                      AND ((d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.oid)
                        OR (d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid)))
  ORDER BY c.relname, i.oid`;
