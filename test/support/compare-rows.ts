import { expect } from 'vitest';
import type { TestDatabase } from './database.ts';
import { querySource, type SourceValue } from './source-file.ts';

/** What a target name is for a source name; the test's own rule, not the toolkit's. */
export type Naming = (sourceName: string) => string;

interface TargetColumn {
  readonly name: string;
  readonly type: string;
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Compares every value of a table: what better-sqlite3 reads from the source with what pg reads from the target,
 * each brought to one comparable form by the target's type. None of the toolkit's conversions take part.
 *
 * @returns how many rows were compared
 */
export async function expectSameRows(
  sourceFile: string,
  database: TestDatabase,
  table: string,
  naming: Naming = (name) => name,
): Promise<number> {
  const target = naming(table);
  const columns = await targetColumns(database, target);
  const sourceRows = querySource(sourceFile, `SELECT * FROM "${table}"`);
  const names = Object.keys(sourceRows[0] ?? {});
  const expected = sourceRows.map((row) =>
    Object.fromEntries(
      names.map((name) => {
        const column = columns.find((candidate) => candidate.name === naming(name));
        return [naming(name), fromSource(row[name] ?? null, column?.type ?? 'no such column')];
      }),
    ),
  );
  const select = columns.map(({ name, type }) => `${readSql(name, type)} AS "${name}"`).join(', ');
  const targetRows = await database.query<Record<string, string | null>>(
    `SELECT ${select} FROM "${target}"`,
  );
  const actual = targetRows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }) => [name, fromTarget(row[name] ?? null, type)]),
    ),
  );
  expect(sorted(actual)).toEqual(sorted(expected));
  return actual.length;
}

async function targetColumns(database: TestDatabase, table: string): Promise<TargetColumn[]> {
  return database.query<{ name: string; type: string }>(
    `SELECT a.attname AS name, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END AS type
       FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
    [`"${table}"`],
  );
}

/** Every value as text, so that pg's own parsing rounds nothing. */
function readSql(name: string, type: string): string {
  switch (type) {
    case 'timestamptz':
    case 'timestamp':
    case 'date':
      return `(extract(epoch FROM "${name}") * 1000)::numeric::text`;
    case 'bytea':
      return `encode("${name}", 'hex')`;
    default:
      return `"${name}"::text`;
  }
}

function fromTarget(text: string | null, type: string): unknown {
  if (text === null) return null;
  switch (type) {
    case 'bool':
      return text === 'true';
    case 'float8':
      return Number(text);
    case 'json':
    case 'jsonb':
      return JSON.parse(text) as unknown;
    case 'numeric':
    case 'timestamptz':
    case 'timestamp':
    case 'date':
      return plainDecimal(text);
    default:
      return text;
  }
}

function fromSource(value: SourceValue, type: string): unknown {
  if (value === null) return null;
  if (typeof value === 'object') return Buffer.from(value).toString('hex');
  switch (type) {
    case 'bool':
      return value === 1n;
    case 'float8':
      return Number(value);
    case 'json':
    case 'jsonb':
      return JSON.parse(String(value)) as unknown;
    case 'numeric':
      return plainDecimal(String(value));
    case 'timestamptz':
    case 'timestamp':
    case 'date':
      return String(typeof value === 'bigint' ? value : Date.parse(asUtc(String(value))));
    case 'bytea':
      return Buffer.from(String(value), 'utf8').toString('hex');
    case 'uuid':
      return String(value).toLowerCase();
    default:
      return String(value);
  }
}

/** JavaScript takes a time without a zone for local time. */
function asUtc(text: string): string {
  const hasClock = text.includes(':');
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text);
  return hasClock && !hasZone ? `${text.replace(' ', 'T')}Z` : text;
}

/** `12.3400` and `12.34` are one number. */
function plainDecimal(text: string): string {
  expect(text).toMatch(/^-?[0-9]+(\.[0-9]+)?$/);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function sorted(rows: readonly Values[]): Values[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row, Object.keys(row).toSorted()) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
}
