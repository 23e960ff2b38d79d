import type pg from 'pg';

import { quoteIdentifier, quoteLiteral } from '../../model/sql.ts';
import type { TargetCatalog } from '../../model/target-catalog.ts';
import { quoteTable } from '../introspect.ts';
import type { TableKey } from './plan.ts';

/** Rows that break a foreign key. */
export interface BrokenReference extends TableKey {
  readonly total: number;
  /** The first few, as `column=value, …`. */
  readonly examples: readonly string[];
}

/** Proves foreign keys by one query each, with the operators that PostgreSQL itself uses. */
export async function findBrokenReferences(
  client: pg.Client,
  catalog: TargetCatalog,
  keys: readonly TableKey[],
  maxExamples: number,
): Promise<BrokenReference[]> {
  const broken: BrokenReference[] = [];
  for (const one of keys) {
    const { rows } = await client.query<{ total: string; examples: string[] | null }>(
      brokenReferencesSql(catalog, one, maxExamples),
    );
    const total = Number(rows[0]?.total ?? 0);
    if (total > 0) broken.push({ ...one, total, examples: rows[0]?.examples ?? [] });
  }
  return broken;
}

function brokenReferencesSql(
  catalog: TargetCatalog,
  { table, key }: TableKey,
  maxExamples: number,
): string {
  const child = key.columns.map((name) => `c.${quoteIdentifier(name)}`);
  const pairs = key.parentColumns.map(
    (name, index) =>
      `p.${quoteIdentifier(name)} ${key.operators[index] ?? '='} ${child[index] ?? ''}`,
  );
  const parent = quoteTable({ schema: key.parentSchema }, key.parentTable);
  const noParent = `NOT EXISTS (SELECT FROM ${parent} AS p WHERE ${pairs.join(' AND ')})`;
  const allSet = child.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const anySet = child.map((column) => `${column} IS NOT NULL`).join(' OR ');
  const isBroken =
    key.match === 'full'
      ? `(${anySet}) AND (NOT (${allSet}) OR ${noParent})`
      : `${allSet} AND ${noParent}`;
  return countedSql(
    shownKeySql(key.columns, 'c'),
    `${quoteTable(catalog, table.name)} AS c WHERE ${isBroken}`,
    maxExamples,
  );
}

/** SQL for the values of columns of the table `alias`, for people: `a=1, b=NULL`. */
export function shownKeySql(columns: readonly string[], alias: string): string {
  const parts = columns.map(
    (name) =>
      `${quoteLiteral(`${name}=`)} || coalesce(${alias}.${quoteIdentifier(name)}::text, 'NULL')`,
  );
  return parts.join(` || ', ' || `);
}

/** The query for how many rows there are (`total`), with the first few of them as `examples`. */
export function countedSql(shown: string, from: string, maxExamples: number): string {
  return `
    WITH found AS MATERIALIZED (SELECT ${shown} AS shown FROM ${from})
    SELECT count(*)::text AS total,
      (SELECT array_agg(shown) FROM (SELECT shown FROM found LIMIT ${maxExamples}) AS first) AS examples
    FROM found`;
}
