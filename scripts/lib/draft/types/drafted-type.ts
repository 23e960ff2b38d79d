import type { TargetType } from '../../model/target-catalog.ts';
import type { ColumnFamily } from '../sql/postgres-sql.ts';

/** A field's type: Prisma's word for it, its native type, and what PostgreSQL makes of it. */
export interface DraftedType {
  /** A scalar of Prisma, or the name of an enum. */
  readonly scalar: string;
  /** `db.Timestamptz(3)`; null for the scalar's own. */
  readonly attribute: string | null;
  readonly postgres: TargetType;
  /** How expressions may use it. */
  readonly family: ColumnFamily;
}

/** varchar, char and numeric store their modifier with this much added (VARHDRSZ). */
const HEADER = 4;

function base(name: string, display: string, modifier = -1): TargetType {
  return {
    name,
    display,
    kind: 'base',
    enumLabels: [],
    modifier,
    sql: display,
    baseSql: display,
    domain: null,
    element: null,
  };
}

const plain = (
  scalar: string,
  name: string,
  display: string,
  family: ColumnFamily,
  attribute: string | null = null,
): DraftedType => ({ scalar, attribute, postgres: base(name, display), family });

export const INT = plain('Int', 'int4', 'integer', 'integer');
export const BIG_INT = plain('BigInt', 'int8', 'bigint', 'integer');
export const BOOLEAN = plain('Boolean', 'bool', 'boolean', 'flag');
export const FLOAT = plain('Float', 'float8', 'double precision', 'float');
export const TEXT = plain('String', 'text', 'text', 'text');
export const BYTES = plain('Bytes', 'bytea', 'bytea', 'other');
export const JSONB = plain('Json', 'jsonb', 'jsonb', 'json');
export const UUID = plain('String', 'uuid', 'uuid', 'other', 'db.Uuid');
export const DATE = plain('DateTime', 'date', 'date', 'other', 'db.Date');
/** numeric without limits. */
export const ANY_DECIMAL = plain('Decimal', 'numeric', 'numeric', 'decimal', 'db.Decimal');

/** timestamptz with so many decimals of a second. */
export function timestamp(decimals: 3 | 6): DraftedType {
  return {
    scalar: 'DateTime',
    attribute: `db.Timestamptz(${decimals})`,
    postgres: base('timestamptz', `timestamp(${decimals}) with time zone`, decimals),
    family: 'other',
  };
}

/** time without a zone, with so many decimals of a second. */
export function timeOfDay(decimals: 0 | 6): DraftedType {
  return {
    scalar: 'DateTime',
    attribute: `db.Time(${decimals})`,
    postgres: base('time', `time(${decimals}) without time zone`, decimals),
    family: 'other',
  };
}

/** numeric(p,s). */
export function decimal(precision: number, scale: number): DraftedType {
  return {
    scalar: 'Decimal',
    attribute: `db.Decimal(${precision}, ${scale})`,
    postgres: base(
      'numeric',
      `numeric(${precision},${scale})`,
      ((precision << 16) | scale) + HEADER,
    ),
    family: 'decimal',
  };
}

/** varchar(n). */
export function varchar(length: number): DraftedType {
  return {
    scalar: 'String',
    attribute: `db.VarChar(${length})`,
    postgres: base('varchar', `character varying(${length})`, length + HEADER),
    family: 'text',
  };
}

/** An enum of these labels, by its name in Prisma and in PostgreSQL. */
export function enumType(
  name: string,
  databaseName: string,
  labels: readonly string[],
): DraftedType {
  return {
    scalar: name,
    attribute: null,
    postgres: { ...base(databaseName, databaseName), kind: 'enum', enumLabels: labels },
    family: 'enum',
  };
}
