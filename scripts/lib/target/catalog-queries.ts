/**
 * The questions to PostgreSQL's catalog, each for one schema ($1), and the rows they answer with.
 *
 * Source: https://www.postgresql.org/docs/current/catalogs.html
 */

export interface TableRow {
  readonly table_name: string;
  readonly has_deferrable_keys: boolean;
}

export interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly not_null: boolean;
  readonly has_default: boolean;
  readonly identity: '' | 'a' | 'd';
  readonly is_generated: boolean;
  readonly generated_sql: string | null;
  readonly has_nondeterministic_collation: boolean;
  readonly type_oid: number;
  readonly type_modifier: number;
}

/** One type with one modifier, as a column has it or as a domain or an array leads to it. */
export interface TypeRow {
  readonly type_oid: number;
  readonly type_modifier: number;
  readonly type_name: string;
  /** With its modifier, ready for SQL. */
  readonly type_sql: string;
  readonly type_kind: 'base' | 'enum' | 'array' | 'domain' | 'other';
  /** Of a domain the type under it, of an array its elements' type; else null. */
  readonly leads_to_oid: number | null;
  readonly leads_to_modifier: number | null;
  readonly enum_labels: string[];
  readonly not_null: boolean;
  readonly checks: { readonly name: string; readonly sql: string }[];
}

export interface UniqueKeyRow {
  readonly table_name: string;
  readonly key_name: string;
  readonly columns: string[];
  readonly nulls_distinct: boolean;
  readonly is_primary: boolean;
  readonly is_deferrable: boolean;
}

export interface CheckRow {
  readonly table_name: string;
  readonly constraint_name: string;
  readonly sql: string;
  readonly columns: string[];
}

export interface ForeignKeyRow {
  readonly table_name: string;
  readonly constraint_name: string;
  readonly columns: string[];
  readonly parent_schema: string;
  readonly parent_table: string;
  readonly parent_columns: string[];
  readonly operators: string[];
  readonly match_type: 's' | 'f' | 'p';
  readonly is_validated: boolean;
  readonly is_enforced: boolean;
  readonly is_temporal: boolean;
  readonly is_deferrable: boolean;
  readonly is_deferred: boolean;
}

export interface TriggerRow {
  readonly table_name: string;
  readonly trigger_name: string;
  /** The table or partition that the trigger stands on, quoted for SQL. */
  readonly stands_on: string;
  readonly state: 'O' | 'A' | 'R' | 'D';
}

export interface SequenceRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly sequence_sql: string;
  readonly feeds_integer: boolean;
  readonly start_value: string;
  readonly increment_by: string;
  readonly max_value: string;
}

/** Ordinary and partitioned tables; a partition is reached through its parent. */
const TABLES_OF_SCHEMA = `
  pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = $1`;
const IS_TABLE = `c.relkind IN ('r', 'p') AND NOT c.relispartition`;

export const CATALOG_QUERIES = {
  tables: `
    SELECT c.relname AS table_name,
      EXISTS (SELECT FROM pg_catalog.pg_constraint AS k
              WHERE k.conrelid = c.oid AND k.condeferrable AND k.contype IN ('p', 'u', 'x')) AS has_deferrable_keys
    FROM ${TABLES_OF_SCHEMA}
    WHERE ${IS_TABLE}
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                      WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname`,

  columns: `
    SELECT c.relname AS table_name, a.attname AS column_name, a.attnotnull AS not_null,
      (a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL) AS has_default,
      a.attidentity AS identity, a.attgenerated <> '' AS is_generated,
      CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(f.adbin, f.adrelid) END AS generated_sql,
      coalesce(NOT l.collisdeterministic, false) AS has_nondeterministic_collation,
      a.atttypid AS type_oid, a.atttypmod AS type_modifier
    FROM ${TABLES_OF_SCHEMA}
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = c.oid AND f.adnum = a.attnum
    LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
    WHERE ${IS_TABLE}
    ORDER BY c.relname, a.attnum`,

  // From the columns' types down the chains of domains and into the elements of arrays.
  types: `
    WITH RECURSIVE used (type_oid, type_modifier) AS (
      SELECT a.atttypid, a.atttypmod
      FROM ${TABLES_OF_SCHEMA}
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE ${IS_TABLE}
      UNION
      SELECT CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
        CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE u.type_modifier END
      FROM used AS u
      JOIN pg_catalog.pg_type AS t ON t.oid = u.type_oid
      WHERE t.typtype = 'd' OR EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid)
    ), kinds AS (
      SELECT t.*, u.type_modifier,
        CASE WHEN t.typtype = 'd' THEN 'domain'
             WHEN t.typtype = 'e' THEN 'enum'
             WHEN EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = t.oid) THEN 'array'
             WHEN t.typtype = 'b' AND (n.nspname = 'pg_catalog' OR t.typname = 'citext') THEN 'base'
             ELSE 'other' END AS kind
      FROM used AS u
      JOIN pg_catalog.pg_type AS t ON t.oid = u.type_oid
      JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
    )
    SELECT k.oid AS type_oid, k.type_modifier, k.typname AS type_name,
      pg_catalog.format_type(k.oid, k.type_modifier) AS type_sql, k.kind AS type_kind,
      CASE k.kind WHEN 'domain' THEN k.typbasetype WHEN 'array' THEN k.typelem END AS leads_to_oid,
      CASE k.kind WHEN 'domain' THEN k.typtypmod WHEN 'array' THEN k.type_modifier END AS leads_to_modifier,
      ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e
            WHERE e.enumtypid = k.oid ORDER BY e.enumsortorder) AS enum_labels,
      k.typnotnull AS not_null,
      (SELECT coalesce(json_agg(json_build_object('name', x.conname, 'sql', pg_catalog.pg_get_expr(x.conbin, 0))
                                ORDER BY x.conname), '[]')
       FROM pg_catalog.pg_constraint AS x WHERE x.contypid = k.oid AND x.contype = 'c') AS checks
    FROM kinds AS k`,

  // indnullsnotdistinct came with PostgreSQL 15. What is ready counts, valid or not: it refuses new rows.
  uniqueKeys: `
    SELECT c.relname AS table_name, i.relname AS key_name,
      ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS u (attnum, i)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = u.attnum
            WHERE u.i <= x.indnkeyatts ORDER BY u.i) AS columns,
      NOT coalesce((to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_distinct,
      x.indisprimary AS is_primary, NOT x.indimmediate AS is_deferrable
    FROM ${TABLES_OF_SCHEMA}
    JOIN pg_catalog.pg_index AS x ON x.indrelid = c.oid
    JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
    WHERE ${IS_TABLE} AND x.indisunique AND x.indisready AND NOT x.indisexclusion
      AND x.indpred IS NULL AND x.indexprs IS NULL
    ORDER BY c.relname, NOT x.indisprimary, i.relname`,

  checks: `
    SELECT c.relname AS table_name, k.conname AS constraint_name,
      pg_catalog.pg_get_expr(k.conbin, k.conrelid) AS sql,
      ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) ORDER BY a.attnum) AS columns
    FROM ${TABLES_OF_SCHEMA}
    JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'c'
    WHERE ${IS_TABLE} AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
    ORDER BY c.relname, k.conname`,

  // conenforced came with PostgreSQL 18, conperiod too: asked for through JSON, older servers answer as well.
  foreignKeys: `
    SELECT c.relname AS table_name, k.conname AS constraint_name,
      ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, i)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum ORDER BY u.i) AS columns,
      pn.nspname AS parent_schema, p.relname AS parent_table,
      ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, i)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.attnum ORDER BY u.i) AS parent_columns,
      ARRAY(SELECT format('OPERATOR(%I.%s)', o_n.nspname, o.oprname)
            FROM unnest(k.conpfeqop) WITH ORDINALITY AS u (op, i)
            JOIN pg_catalog.pg_operator AS o ON o.oid = u.op
            JOIN pg_catalog.pg_namespace AS o_n ON o_n.oid = o.oprnamespace ORDER BY u.i) AS operators,
      k.confmatchtype AS match_type, k.convalidated AS is_validated,
      coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) AS is_enforced,
      coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS is_temporal,
      k.condeferrable AS is_deferrable, k.condeferred AS is_deferred
    FROM ${TABLES_OF_SCHEMA}
    JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0
    JOIN pg_catalog.pg_class AS p ON p.oid = k.confrelid
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
    WHERE ${IS_TABLE}
    ORDER BY c.relname, k.conname`,

  // A partition's triggers count as those of the table that it is a part of; the table's own come first.
  triggers: `
    SELECT root.relname AS table_name, g.tgname AS trigger_name, g.tgenabled AS state,
      format('%I.%I', cn.nspname, c.relname) AS stands_on
    FROM pg_catalog.pg_trigger AS g
    JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
    JOIN pg_catalog.pg_class AS root
      ON root.oid = CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid) ELSE c.oid END
    JOIN pg_catalog.pg_namespace AS n ON n.oid = root.relnamespace AND n.nspname = $1
    WHERE NOT g.tgisinternal AND root.relkind IN ('r', 'p')
    ORDER BY root.relname, c.relispartition, c.oid, g.tgname`,

  // Sequences that a column owns (serial, identity), and those that its default draws from.
  sequences: `
    SELECT DISTINCT c.relname AS table_name, a.attname AS column_name,
      format('%I.%I', sn.nspname, s.relname) AS sequence_sql,
      a.atttypid IN ('pg_catalog.int2'::regtype, 'pg_catalog.int4'::regtype, 'pg_catalog.int8'::regtype) AS feeds_integer,
      q.seqstart::text AS start_value, q.seqincrement::text AS increment_by, q.seqmax::text AS max_value
    FROM ${TABLES_OF_SCHEMA}
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef AS f ON f.adrelid = c.oid AND f.adnum = a.attnum
    JOIN pg_catalog.pg_depend AS d ON
      (d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
        AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i'))
      OR (d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n')
    JOIN pg_catalog.pg_class AS s ON s.relkind = 'S'
      AND s.oid = CASE WHEN d.classid = 'pg_catalog.pg_class'::regclass THEN d.objid ELSE d.refobjid END
    JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
    JOIN pg_catalog.pg_sequence AS q ON q.seqrelid = s.oid
    WHERE ${IS_TABLE}
    ORDER BY 1, 2, 3`,
} as const;
