import type pg from 'pg';

import { countedSql, shownKeySql } from '../constraints/broken-references.ts';
import { quoteIdentifier } from '../../model/sql.ts';

/** A foreign key of any table of the database that leads to one of some tables. */
export interface ReferringKey {
  readonly name: string;
  /** Schema-qualified and quoted, ready for SQL; of a partition its own. */
  readonly child: string;
  /** The child for people, with its schema where that is another one. */
  readonly childName: string;
  /** The child, or the table that it is a partition of, where it is in the schema; else null. */
  readonly childTable: string | null;
  readonly columns: readonly string[];
  readonly parent: string;
  /** The parent, or the table that it is a partition of. */
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
  /** For each column pair the operator that compares parent with child, ready for SQL. */
  readonly operators: readonly string[];
  readonly isEnforced: boolean;
}

const REFERRING_KEYS = `
  SELECT k.conname AS name, format('%I.%I', cn.nspname, c.relname) AS child,
    CASE WHEN crn.nspname = $1 THEN cr.relname ELSE crn.nspname || '.' || cr.relname END AS "childName",
    CASE WHEN crn.nspname = $1 THEN cr.relname END AS "childTable",
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, i)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.i) AS columns,
    format('%I.%I', pn.nspname, p.relname) AS parent, pr.relname AS "parentTable",
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, i)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.i) AS "parentColumns",
    ARRAY(SELECT format('OPERATOR(%I.%s)', o_n.nspname, o.oprname)
          FROM unnest(k.conpfeqop) WITH ORDINALITY AS u (op, i)
          JOIN pg_catalog.pg_operator AS o ON o.oid = u.op
          JOIN pg_catalog.pg_namespace AS o_n ON o_n.oid = o.oprnamespace ORDER BY u.i) AS operators,
    coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS "isEnforced"
  FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
  JOIN pg_catalog.pg_class AS cr
    ON cr.oid = CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid) ELSE c.oid END
  JOIN pg_catalog.pg_namespace AS crn ON crn.oid = cr.relnamespace
  JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid
  JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
  JOIN pg_catalog.pg_class AS pr
    ON pr.oid = CASE WHEN p.relispartition THEN pg_catalog.pg_partition_root(p.oid) ELSE p.oid END
  JOIN pg_catalog.pg_namespace AS prn ON prn.oid = pr.relnamespace AND prn.nspname = $1
  WHERE k.contype = 'f' AND k.conparentid = 0 AND pr.relname = ANY($2)
  ORDER BY child, name`;

/**
 * Reads the foreign keys that lead to these tables of a schema, from whatever schema they come.
 *
 * Source: https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 */
export async function readReferringKeys(
  client: pg.Client,
  schema: string,
  tables: readonly string[],
): Promise<ReferringKey[]> {
  const { rows } = await client.query<ReferringKey>(REFERRING_KEYS, [schema, [...tables]]);
  return rows;
}

/** Rows that stay and refer to rows that are to go. */
export interface RemainingReference {
  readonly key: ReferringKey;
  readonly total: number;
  /** The first few, as `column=value, …`. */
  readonly examples: readonly string[];
}

/**
 * Finds rows that would be left without their parent, by every enforced key.
 *
 * @param goingXmin by table of the schema, the xmin of the rows that are to go; null where none goes
 */
export async function findRemainingReferences(
  client: pg.Client,
  keys: readonly ReferringKey[],
  goingXmin: ReadonlyMap<string, string | null>,
  maxExamples: number,
): Promise<RemainingReference[]> {
  const remaining: RemainingReference[] = [];
  for (const key of keys.filter(({ isEnforced }) => isEnforced)) {
    const parentXmin = goingXmin.get(key.parentTable) ?? null;
    if (parentXmin === null) continue;
    const childXmin = key.childTable === null ? null : (goingXmin.get(key.childTable) ?? null);
    const { rows } = await client.query<{ total: string; examples: string[] | null }>(
      remainingSql(key, maxExamples),
      [parentXmin, childXmin],
    );
    const total = Number(rows[0]?.total ?? 0);
    if (total > 0) remaining.push({ key, total, examples: rows[0]?.examples ?? [] });
  }
  return remaining;
}

function remainingSql(key: ReferringKey, maxExamples: number): string {
  const pairs = key.parentColumns.map(
    (name, index) =>
      `p.${quoteIdentifier(name)} ${key.operators[index] ?? '='} c.${quoteIdentifier(key.columns[index] ?? '')}`,
  );
  const refersToGoing = `EXISTS (SELECT FROM ${key.parent} AS p WHERE p.xmin = $1::xid AND ${pairs.join(' AND ')})`;
  return countedSql(
    shownKeySql(key.columns, 'c'),
    `${key.child} AS c WHERE ($2::xid IS NULL OR c.xmin <> $2::xid) AND ${refersToGoing}`,
    maxExamples,
  );
}
