import type { TargetType } from '../model/target-catalog.ts';
import type { TypeRow } from './catalog-queries.ts';

/** Finds the type of a column by the oid and modifier that `pg_attribute` has. */
export type TypeResolver = (oid: number, modifier: number) => TargetType;

/** Makes the resolver over all types that the columns of a schema lead to. */
export function typeResolver(rows: readonly TypeRow[]): TypeResolver {
  const byKey = new Map(rows.map((row) => [keyOf(row.type_oid, row.type_modifier), row]));
  const resolved = new Map<string, TargetType>();
  const resolve: TypeResolver = (oid, modifier) => {
    const key = keyOf(oid, modifier);
    const row = byKey.get(key);
    // It was there a moment ago: somebody changes the schema while it is read.
    if (row === undefined) throw new Error(`the type ${oid} is not in the catalog any more`);
    const type = resolved.get(key) ?? toType(row, resolve);
    resolved.set(key, type);
    return type;
  };
  return resolve;
}

function keyOf(oid: number, modifier: number): string {
  return `${oid} ${modifier}`;
}

function toType(row: TypeRow, resolve: TypeResolver): TargetType {
  const next =
    row.leads_to_oid === null ? null : resolve(row.leads_to_oid, row.leads_to_modifier ?? -1);
  if (row.type_kind === 'domain') {
    if (next === null) throw new Error(`the domain ${row.type_sql} has no type under it`);
    return toDomain(row, next);
  }
  return {
    name: row.type_name,
    display: row.type_sql,
    kind: row.type_kind,
    enumLabels: row.enum_labels,
    modifier: row.type_modifier,
    sql: row.type_sql,
    baseSql: row.type_sql,
    domain: null,
    element: row.type_kind === 'array' ? next : null,
  };
}

function toDomain(row: TypeRow, under: TargetType): TargetType {
  return {
    ...under,
    display: `${row.type_sql} (${under.baseSql})`,
    sql: row.type_sql,
    domain: {
      name: row.type_sql,
      checks: [...(under.domain?.checks ?? []), ...row.checks],
      notNull: row.not_null || under.domain?.notNull === true,
    },
  };
}
